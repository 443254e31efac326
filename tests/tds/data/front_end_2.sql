-- What a second front end holds of the same users: some rows newer, some older, some only here.
UPDATE rtc.dbo.PublishedStaticInstance SET [Version] = 10, LastPubTime = '2015-06-01 08:20:00',
 Data = CAST(CAST('<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" manual="true" xsi:type="userState"><availability>6500</availability></state>' AS varbinary(max)) AS image)
 WHERE PublisherId = 1 AND CategoryId = 1;
UPDATE rtc.dbo.PublishedStaticInstance SET [Version] = 6 WHERE PublisherId = 1 AND CategoryId = 23;
UPDATE rtcdyn.dbo.PublishedInstance SET [Version] = 11, LastPubTime = '2015-06-01 08:10:00',
 Data = CAST('<state xsi:type="aggregateState" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.microsoft.com/2006/09/sip/state"><availability>15500</availability></state>' AS varbinary(max))
 WHERE PublisherId = 1 AND ContainerNum = 2 AND InstanceNum = 1;
UPDATE rtcdyn.dbo.PublishedInstance SET [Version] = 6, LastPubTime = '2015-06-01 08:58:00',
 Data = CAST('<state xsi:type="aggregateState" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.microsoft.com/2006/09/sip/state"><availability>9500</availability></state>' AS varbinary(max))
 WHERE PublisherId = 2;
DELETE FROM rtcdyn.dbo.PublishedInstance WHERE PublisherId = 3;
DELETE FROM rtcdyn.dbo.RegistrarEndpoint WHERE OwnerId = 1;
