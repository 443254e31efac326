-- Running conferences and who is in them: Q12 of databases.md 10. Grade A; that rtc.Conference has
-- a ConfId is inferred.
SELECT {top} ac.[ConfId] AS [ConfId],
       {if rtc.Conference.ConfId}co.[ExternalConfId]{else}NULL{end} AS [ExternalConfId],
       {if rtc.Conference.ConfId}og.[UserAtHost]{else}NULL{end} AS [Organizer],
       {column rtcdyn.ActiveConference.Locked ac} AS [Locked],
       {column rtcdyn.ActiveConference.AdmissionType ac} AS [AdmissionType],
       {column rtcdyn.ActiveConference.AutoPromote ac} AS [AutoPromote],
       {column rtcdyn.ActiveConference.PstnLobbyBypass ac} AS [PstnLobbyBypass],
       {column rtcdyn.ActiveConference.IsLargeMeeting ac} AS [IsLargeMeeting],
       {column rtcdyn.ActiveConference.LastEnterprisePartLeaveTime ac} AS [LastEnterprisePartLeaveTime],
       pa.[UserAtHost] AS [UserAtHost], {column rtcdyn.Participant.JoinTime pa} AS [JoinTime],
       {column rtcdyn.Participant.EnterpriseId pa} AS [EnterpriseId]
FROM {table rtcdyn.ActiveConference} ac
LEFT JOIN {table rtcdyn.Participant} pa ON pa.[ConfId] = ac.[ConfId]
{if rtc.Conference.ConfId}
LEFT JOIN {table rtc.Conference} co ON co.[ConfId] = ac.[ConfId]
LEFT JOIN {table rtc.Resource} og ON og.[ResourceId] = co.[OrganizerId]
{need rtc.Conference.ExternalConfId}{need rtc.Conference.OrganizerId}
{need rtc.Resource.ResourceId}{need rtc.Resource.UserAtHost}
{end}
ORDER BY ac.[ConfId], pa.[UserAtHost]
{need rtcdyn.ActiveConference.ConfId}{need rtcdyn.Participant.ConfId}
{need rtcdyn.Participant.UserAtHost}
