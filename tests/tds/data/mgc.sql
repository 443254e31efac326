CREATE TABLE tblPrincipalType (ptypeID smallint NOT NULL PRIMARY KEY, ptypeDesc nvarchar(256) NOT NULL,
  ptypeIsSystemUser bit NOT NULL, ptypeIsUser bit NOT NULL);
CREATE TABLE tblPrincipal (prinID int NOT NULL PRIMARY KEY, prinGuid uniqueidentifier NOT NULL,
  prinUri nvarchar(256) NOT NULL, prinName nvarchar(256), prinDisplayName nvarchar(256),
  prinCompanyName nvarchar(256), prinEmail nvarchar(256), prinADPath nvarchar(384),
  prinADUserPrincipalName nvarchar(256), prinDisabled smallint NOT NULL, prinTypeID smallint NOT NULL,
  prinPoolID int, prinPolicyID int, prinAddedBy int, prinAddedOn bigint NOT NULL, prinUpdatedBy int,
  prinUpdatedOn bigint NOT NULL, prinVerifiedOn datetime NOT NULL);
CREATE TABLE tblPrincipalAffiliations (principalID int NOT NULL, affiliationID int NOT NULL,
  [index] int NOT NULL, updatedBy int NOT NULL, PRIMARY KEY (principalID, [index], affiliationID));
CREATE TABLE tblEnumAttribute (attributeID smallint NOT NULL PRIMARY KEY, attributeName nvarchar(256) NOT NULL);
CREATE TABLE tblEnumValue (valueID smallint NOT NULL PRIMARY KEY, attributeID smallint NOT NULL,
  attributeValue nvarchar(256) NOT NULL);
CREATE TABLE tblSiopWhiteList (siopID uniqueidentifier NOT NULL PRIMARY KEY, siopName nvarchar(50) NOT NULL,
  siopUrl nvarchar(255) NOT NULL);
CREATE TABLE tblNode (nodeID int NOT NULL PRIMARY KEY, nodeGuid uniqueidentifier NOT NULL, parentID int,
  nodeType bit NOT NULL, nodeName nvarchar(256) NOT NULL, nodeDesc nvarchar(256) NOT NULL, invite bit,
  logged bit, filePost bit, disabled bit NOT NULL, behavior smallint NOT NULL, visibility smallint NOT NULL,
  siopID uniqueidentifier, nodeAddedBy int NOT NULL, nodeAddedOn bigint NOT NULL, nodeUpdatedBy int NOT NULL,
  nodeUpdatedOn bigint NOT NULL, purgedOn datetime);
CREATE TABLE tblRoleType (rtypeID int NOT NULL PRIMARY KEY, rtypeDesc nvarchar(256) NOT NULL,
  rtypeAllowedPermSet bigint NOT NULL);
CREATE TABLE tblPrincipalRole (prinRoleNodeID int NOT NULL, prinRolePrinID int NOT NULL,
  prinRoleTypeID int NOT NULL, prinRoleUpdatedBy int NOT NULL,
  PRIMARY KEY (prinRoleNodeID, prinRolePrinID, prinRoleTypeID));
CREATE TABLE tblScopePrincipal (scopeNodeID int NOT NULL, scopePrinID int NOT NULL, scopeIsDenied bit NOT NULL,
  scopeUpdatedBy int NOT NULL, PRIMARY KEY (scopeNodeID, scopePrinID));
CREATE TABLE tblChat (channelId int NOT NULL, chatId bigint NOT NULL, chatDate bigint NOT NULL,
  userId int NOT NULL, isAlert bit NOT NULL, content nvarchar(max) NOT NULL, rtf varchar(max),
  PRIMARY KEY (channelId, chatId));
CREATE TABLE tblLastChatId (nodeID int NOT NULL, lastChatID bigint NOT NULL, PRIMARY KEY (nodeID, lastChatID));
CREATE TABLE tblPrincipalInvites (prinID int NOT NULL, invID int NOT NULL, nodeID int NOT NULL,
  createdOn datetime NOT NULL, PRIMARY KEY (prinID, nodeID));
CREATE TABLE tblLastInviteId (prinID int NOT NULL PRIMARY KEY, lastInviteID int NOT NULL);
CREATE TABLE tblPreference (prefLabel nvarchar(255) NOT NULL, prefSeqID int NOT NULL, prefContent nvarchar(max),
  lastModifiedBy int NOT NULL, PRIMARY KEY (prefLabel, prefSeqID));
CREATE TABLE tblFileToken (fileToken nvarchar(50) NOT NULL PRIMARY KEY, fileTokenUserID int NOT NULL,
  fileTokenChannelID uniqueidentifier NOT NULL, fileTokenExpireDate datetime NOT NULL,
  fileTokenComplianceFileUrl nvarchar(256), fileTokenComplianceThumbnailUrl nvarchar(256),
  fileTokenComplianceTime datetime2, fileTokenComplianceIsUpload bit, fileTokenCompliancePinned bit NOT NULL);
CREATE TABLE tblServerIdentity (serverID int NOT NULL PRIMARY KEY, serverAddress nvarchar(256) NOT NULL,
  serverLastPingTime datetime);
CREATE TABLE tblActivePeers (aplServerID int NOT NULL, aplPeerID int NOT NULL, PRIMARY KEY (aplServerID, aplPeerID));
CREATE TABLE tblAdminLock (lockExpiresTime datetime NOT NULL, lockServerID int NOT NULL, lockActorID int NOT NULL);
CREATE TABLE tblSystemRevision (sysRevision bigint NOT NULL);
CREATE TABLE tblConfig (configLabel nvarchar(255) NOT NULL PRIMARY KEY, configContent nvarchar(max),
  configPoolID uniqueidentifier NOT NULL);
CREATE TABLE tblADCookie (prinGuid uniqueidentifier NOT NULL PRIMARY KEY, prinDCHost nvarchar(255),
  adcContent image, lastUpdated datetime, lockedUntil datetime);
CREATE TABLE tblADUpdates (prinGuid uniqueidentifier NOT NULL, prinADPath nvarchar(384) NOT NULL,
  prinAttributesChanged bit NOT NULL, prinMembersChanged bit NOT NULL, prinAffiliationsChanged bit NOT NULL,
  prinDeleted bit NOT NULL, lastUpdated datetime NOT NULL);
CREATE TABLE tblPrincipalMemberDifference (prinGuid uniqueidentifier NOT NULL, memberADPath nvarchar(256),
  memberRemoved bit NOT NULL);
CREATE TABLE tblPrincipalMembers (prinID int NOT NULL, memberADPath nvarchar(384) NOT NULL,
  PRIMARY KEY (prinID, memberADPath));
CREATE TABLE tblPrincipalMeta (prinID int NOT NULL PRIMARY KEY, prinAffiliationsDirty bit NOT NULL,
  prinAttributesDirty bit NOT NULL, prinDeleted bit NOT NULL, tryCount int, lastTry datetime, nextTry datetime);
CREATE TABLE tblSkippedAffiliations (prinID int NOT NULL, affDescription nvarchar(256) NOT NULL,
  updatedBy int NOT NULL, PRIMARY KEY (prinID, affDescription));
