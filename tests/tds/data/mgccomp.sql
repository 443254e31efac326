CREATE TABLE tblComplianceData (cmplEventID bigint NOT NULL PRIMARY KEY, entryDate smalldatetime NOT NULL,
  cmplType int NOT NULL, cmplTime bigint NOT NULL, cmplChannelUri nvarchar(255) NOT NULL, cmplChatID bigint,
  cmplUserID int NOT NULL, cmplUserUri nvarchar(255) NOT NULL, cmplMessage nvarchar(max));
CREATE TABLE tblComplianceFanout (fanoutEventID int, fanoutServerID int);
CREATE TABLE tblComplianceParticipant (channelUri nvarchar(255) NOT NULL, userId int NOT NULL,
  joinedAt bigint NOT NULL, partedAt bigint, userUri nvarchar(255) NOT NULL, serverID int, sessionId bigint,
  PRIMARY KEY (channelUri, userId, joinedAt));
CREATE TABLE tblComplianceState (lastProcessedEntryID bigint NOT NULL, activeServerID int NOT NULL,
  lockExpirationTime datetime2 NOT NULL);
