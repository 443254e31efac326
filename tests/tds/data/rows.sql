INSERT INTO rtc.dbo.Resource VALUES (1,N'ann@contoso.example'),(2,N'bob@contoso.example'),(3,N'carol@contoso.example'),
 (4,N'dave@contoso.example'),(5,N'eve@fabrikam.example'),(6,N'zoe@contoso.example');
INSERT INTO rtc.dbo.ResourceDirectory (ResourceId,UserPrincipalName,InsertTime,UpdateTime,Enabled,SmtpUserAtHost,AdDisplayName,RoutingGroupId) VALUES
 (1,N'ann@contoso.example','2014-01-10 08:00:00','2015-05-01 08:00:00',1,N'ann@contoso.example',CAST('Ann Archer' AS varbinary(512)),11),
 (2,N'bob@contoso.example','2014-01-10 08:00:00','2015-05-01 08:00:00',1,N'bob@contoso.example',CAST('Bob Baker' AS varbinary(512)),12),
 (3,N'carol@contoso.example','2014-02-10 08:00:00','2015-05-01 08:00:00',1,N'carol@contoso.example',CAST('Carol Cook' AS varbinary(512)),11),
 (4,N'dave@contoso.example','2014-02-10 08:00:00','2015-05-01 08:00:00',0,N'dave@contoso.example',CAST('Dave Dyer' AS varbinary(512)),12),
 (6,N'zoe@contoso.example','2014-03-10 08:00:00','2015-05-01 08:00:00',1,N'zoe@contoso.example',0x5A6FC3AB,11);
INSERT INTO rtc.dbo.ResourcePhone VALUES (1,N'+15555550101'),(2,N'+15555550102'),(4,N'+15555550102');
INSERT INTO rtc.dbo.CategoryDef VALUES (1,N'state',0,0,65536),(2,N'contactCard',0,0,65536),(3,N'note',0,0,65536),
 (4,N'device',0,0,65536),(5,N'services',0,0,65536),(6,N'calendarData',0,0,65536),(8,N'routing',1,0,65536),
 (21,N'otherOptions',0,0,65536),(23,N'userInformation',0,0,65536);
INSERT INTO rtc.dbo.FrontEnd VALUES (12040,N'fe01.contoso.example'),(12041,N'fe02.contoso.example');
INSERT INTO rtc.dbo.RoutingGroupAssignment VALUES (11,N'00000000-0000-5000-8000-0000000000a1',12040),(12,N'00000000-0000-5000-8000-0000000000a2',12041);
INSERT INTO rtc.dbo.PublishedStaticInstance (PublisherId,CategoryId,ContainerNum,InstanceNum,[Version],LastPubTime,Data) VALUES
 (1,23,1,0,7,'2015-05-20 10:00:00',CAST(CAST('<userInformation xmlns="http://schemas.microsoft.com/2006/09/sip/options/userInformation"/>' AS varbinary(max)) AS image)),
 (1,8,0,0,4,'2015-04-01 10:00:00',CAST(CAST('<routing xmlns="http://schemas.microsoft.com/2007/02/sip/routing" name="rtcdefault" version="1"/>' AS varbinary(max)) AS image)),
 (1,1,2,536870912,9,'2015-06-01 07:59:00',CAST(CAST('<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" manual="true" xsi:type="userState"><availability>3500</availability></state>' AS varbinary(max)) AS image)),
 (3,1,200,0,3,'2015-05-28 16:00:00',CAST(CAST('<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="aggregateState"><availability>18500</availability></state>' AS varbinary(max)) AS image));
INSERT INTO rtc.dbo.Contact (OwnerId,BuddyId,SubscribePresence,DisplayName) VALUES (1,2,1,NULL),(1,3,1,NULL),(2,1,1,NULL),(3,1,1,NULL),(6,1,1,NULL),(2,5,1,NULL);
INSERT INTO rtc.dbo.ContactGroup VALUES (1,1,CAST('~' AS varbinary(512)),NULL),(1,2,CAST('Project A' AS varbinary(512)),NULL),(2,1,CAST('~' AS varbinary(512)),NULL);
INSERT INTO rtc.dbo.ContactGroupAssoc VALUES (1,2,2),(1,3,1),(2,1,1);
INSERT INTO rtc.dbo.Conference VALUES (1,1,N'AAAA1111',1),(2,2,N'BBBB2222',0);
INSERT INTO rtc.dbo.Container VALUES (1,200,1),(1,300,2),(1,32000,1);
INSERT INTO rtc.dbo.ContainerMember VALUES (1,200,N'sameEnterprise',NULL),(1,300,N'user',N'bob@contoso.example'),(1,32000,N'domain',N'fabrikam.example');
INSERT INTO rtc.dbo.PromptedSubscriber VALUES (2,6);
INSERT INTO rtcdyn.dbo.Registrar VALUES (1,N'fe01.contoso.example'),(2,N'fe02.contoso.example');
INSERT INTO rtcdyn.dbo.Endpoint VALUES ('00000000-0000-5000-8000-000000000001',1,'2015-06-01 09:10:00'),
 ('00000000-0000-5000-8000-000000000002',1,'2015-06-01 09:12:00'),('00000000-0000-5000-8000-000000000003',2,'2015-06-01 09:11:00'),
 ('00000000-0000-5000-8000-000000000009',1,'2015-05-31 20:00:00');
INSERT INTO rtcdyn.dbo.RegistrarEndpoint VALUES
 ('00000000-0000-5000-8000-000000000001',1,1,1,CAST('UCCAPI/15.0.4420.1017 OC/15.0.4420.1017 (Microsoft Lync)' AS varbinary(256)),CAST('aa01@192.0.2.11' AS varbinary(256)),CAST('<sip:ann@contoso.example>;tag=a1' AS varbinary(512))),
 ('00000000-0000-5000-8000-000000000002',1,1,1,CAST('UCWA/5.0.0.0 (iPhoneLync)' AS varbinary(256)),CAST('aa02' AS varbinary(256)),CAST('<sip:ann@contoso.example>;tag=a2' AS varbinary(512))),
 ('00000000-0000-5000-8000-000000000003',2,2,1,CAST('PolycomVVX' AS varbinary(256)),CAST('bb01@192.0.2.21' AS varbinary(256)),CAST('<sip:bob@contoso.example>;tag=b1' AS varbinary(512))),
 ('00000000-0000-5000-8000-000000000008',99,1,0,CAST('RTCC/5.0.0.0' AS varbinary(256)),NULL,NULL);
INSERT INTO rtcdyn.dbo.HomedResourceDynamic VALUES (1,'2015-06-01 08:00:00'),(2,'2015-06-01 08:05:00'),(3,'2015-05-28 07:55:00');
INSERT INTO rtcdyn.dbo.PublishedInstance (PublisherId,ContainerNum,CategoryId,InstanceNum,EndpointId,[Version],LastPubTime,ExpiresAt,Data) VALUES
 (1,2,1,1,NULL,12,'2015-06-01 08:30:00',NULL,CAST('<state xsi:type="aggregateState" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.microsoft.com/2006/09/sip/state"><availability>3500</availability><device>computer</device></state>' AS varbinary(max))),
 (1,2,1,805306369,'00000000-0000-5000-8000-000000000001',12,'2015-06-01 08:30:00',NULL,CAST('<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" manual="false" xsi:type="machineState"><availability>3500</availability><device>computer</device></state>' AS varbinary(max))),
 (1,200,1,1,NULL,12,'2015-06-01 08:30:00',NULL,CAST('<state xsi:type="aggregateState" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.microsoft.com/2006/09/sip/state"><availability>3500</availability></state>' AS varbinary(max))),
 (2,2,1,1,NULL,5,'2015-06-01 08:55:00',NULL,CAST('<state xsi:type="aggregateState" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.microsoft.com/2006/09/sip/state"><availability>6500</availability><activity token="on-the-phone" minAvailability="6500" maxAvailability="8999"/></state>' AS varbinary(max))),
 (3,2,1,1,NULL,2,'2015-05-28 16:00:00',NULL,CAST('<state xsi:type="aggregateState" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.microsoft.com/2006/09/sip/state"><availability>15500</availability></state>' AS varbinary(max))),
 (6,2,3,0,NULL,1,'2015-06-01 08:40:00',NULL,0x3C6E6F74653E5A6FC3AB3C2F6E6F74653E);
INSERT INTO rtcdyn.dbo.ActiveConference VALUES (1,14,0,2,0,1,3,'2015-06-01 08:20:00','00000000-0000-5000-8000-0000000000c1',0);
INSERT INTO rtcdyn.dbo.Participant VALUES (1,N'ann@contoso.example','2015-06-01 08:10:00',1),(1,N'eve@fabrikam.example','2015-06-01 08:12:00',NULL);
INSERT INTO rtcdyn.dbo.Subscription VALUES (2,1,1,'2015-06-01 16:00:00'),(2,1,2,'2015-06-01 16:00:00'),(3,1,1,'2015-05-28 23:00:00');
INSERT INTO mgc.dbo.tblPrincipalType VALUES (4,N'SystemUser',1,0),(5,N'User',0,1),(9,N'Group',0,0);
INSERT INTO mgc.dbo.tblPrincipal (prinID,prinGuid,prinUri,prinName,prinDisplayName,prinDisabled,prinTypeID,prinAddedOn,prinUpdatedOn,prinVerifiedOn) VALUES
 (1,'00000000-0000-5000-8000-0000000000d1',N'ma-grp://contoso.example/1',NULL,NULL,0,4,635400000000000000,635400000000000000,'2015-06-01 00:00:00'),
 (5,'00000000-0000-5000-8000-0000000000d5',N'sip:ann@contoso.example',N'Ann Archer',N'Ann Archer',0,5,635400000000000000,635400000000000000,'2015-06-01 00:00:00'),
 (6,'00000000-0000-5000-8000-0000000000d6',N'sip:bob@contoso.example',N'Bob Baker',N'Bob Baker',0,5,635400000000000000,635400000000000000,'2015-06-01 00:00:00'),
 (7,'00000000-0000-5000-8000-0000000000d7',N'sip:carol@contoso.example',N'Carol Cook',N'Carol Cook',1,5,635400000000000000,635400000000000000,'2015-06-01 00:00:00'),
 (9,'00000000-0000-5000-8000-0000000000d9',N'ma-grp://contoso.example/9',NULL,NULL,0,9,635400000000000000,635400000000000000,'2015-06-01 00:00:00');
INSERT INTO mgc.dbo.tblPrincipalAffiliations VALUES (5,5,-1,1),(6,6,-1,1),(7,7,-1,1),(6,9,1,1);
INSERT INTO mgc.dbo.tblEnumAttribute VALUES (1,N'Visibility'),(2,N'Behavior');
INSERT INTO mgc.dbo.tblEnumValue VALUES (2,1,N'private'),(3,1,N'scope'),(4,2,N'normal'),(5,2,N'auditorium'),(6,1,N'open');
INSERT INTO mgc.dbo.tblRoleType VALUES (1,N'Member',0),(2,N'Manager',0),(3,N'Voiced',0),(4,N'Creator',0);
INSERT INTO mgc.dbo.tblNode (nodeID,nodeGuid,parentID,nodeType,nodeName,nodeDesc,invite,logged,filePost,disabled,behavior,visibility,nodeAddedBy,nodeAddedOn,nodeUpdatedBy,nodeUpdatedOn) VALUES
 (1,'00000000-0000-5000-8000-0000000000e1',1,1,N'Root',N'',1,1,1,0,4,6,1,635400000000000000,1,635400000000000000),
 (10,'00000000-0000-5000-8000-0000000000ea',1,1,N'Operations',N'Ops rooms',1,1,1,0,4,6,1,635400000000000000,1,635400000000000000),
 (300,'00000000-0000-5000-8000-0000000000f0',10,0,N'Incident bridge',N'',NULL,NULL,NULL,0,4,3,5,635500000000000000,5,635600000000000000),
 (301,'00000000-0000-5000-8000-0000000000f1',10,0,N'Town hall',N'',NULL,NULL,NULL,1,5,2,5,635500000000000000,5,635600000000000000);
INSERT INTO mgc.dbo.tblPrincipalRole VALUES (300,5,2,5),(300,9,1,5),(301,7,1,5);
INSERT INTO mgc.dbo.tblScopePrincipal VALUES (10,9,0,5);
INSERT INTO mgc.dbo.tblChat VALUES (300,1,635687448000000000,5,0,N'Server is back',NULL),(300,2,635687449200000000,6,0,N'Thanks',NULL);
INSERT INTO mgc.dbo.tblServerIdentity VALUES (1,N'net.tcp://pc01.contoso.example:8011/',N'2015-06-01 08:59:50'),(2,N'net.tcp://pc02.contoso.example:8011/',N'2015-05-30 01:00:00');
INSERT INTO mgccomp.dbo.tblComplianceData VALUES (1001,'2015-06-01 08:40:00',1,635687448000000000,N'ma-chan://contoso.example/300',1,5,N'sip:ann@contoso.example',N'Server is back'),
 (1002,'2015-06-01 08:42:00',1,635687449200000000,N'ma-chan://contoso.example/300',2,6,N'sip:bob@contoso.example',N'Thanks'),
 (1003,'2078-01-01 00:00:00',9,635687449800000000,N'ma-chan://contoso.example/300',NULL,6,N'sip:bob@contoso.example',N'');
INSERT INTO mgccomp.dbo.tblComplianceFanout VALUES (1001,1);
INSERT INTO mgccomp.dbo.tblComplianceParticipant VALUES (N'ma-chan://contoso.example/300',5,635687400000000000,NULL,N'sip:ann@contoso.example',1,77),
 (N'ma-chan://contoso.example/300',7,635680000000000000,NULL,N'sip:carol@contoso.example',3,12);
INSERT INTO mgccomp.dbo.tblComplianceState VALUES (1001,-1,'2015-06-01 08:30:00');
