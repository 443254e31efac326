-- Explicit and effective members of rooms: Q15 of databases.md 10. Grade A, documented.
-- @room: a LIKE pattern in lower case for the name; @node: a room's number, or -1.
SELECT {top} n.[nodeID] AS [nodeID], n.[nodeName] AS [nodeName], rt.[rtypeDesc] AS [rtypeDesc],
       g.[prinUri] AS [GrantedTo], g.[prinTypeID] AS [GrantedType],
       u.[prinUri] AS [EffectiveUser], u.[prinDisabled] AS [prinDisabled]
FROM {table mgc.tblPrincipalRole} pr
JOIN {table mgc.tblNode} n ON n.[nodeID] = pr.[prinRoleNodeID]
JOIN {table mgc.tblRoleType} rt ON rt.[rtypeID] = pr.[prinRoleTypeID]
JOIN {table mgc.tblPrincipal} g ON g.[prinID] = pr.[prinRolePrinID]
LEFT JOIN {table mgc.tblPrincipalAffiliations} a ON a.[affiliationID] = g.[prinID]
LEFT JOIN {table mgc.tblPrincipal} u ON u.[prinID] = a.[principalID]
WHERE n.[nodeType] = 0 AND (LOWER(n.[nodeName]) LIKE @room ESCAPE '\' OR n.[nodeID] = @node)
ORDER BY n.[nodeName], n.[nodeID], rt.[rtypeDesc], u.[prinUri]
{need mgc.tblPrincipalRole.prinRoleNodeID}{need mgc.tblPrincipalRole.prinRoleTypeID}
{need mgc.tblPrincipalRole.prinRolePrinID}{need mgc.tblNode.nodeID}{need mgc.tblNode.nodeName}
{need mgc.tblNode.nodeType}{need mgc.tblRoleType.rtypeID}{need mgc.tblRoleType.rtypeDesc}
{need mgc.tblPrincipal.prinID}{need mgc.tblPrincipal.prinUri}{need mgc.tblPrincipal.prinTypeID}
{need mgc.tblPrincipal.prinDisabled}{need mgc.tblPrincipalAffiliations.principalID}
{need mgc.tblPrincipalAffiliations.affiliationID}
