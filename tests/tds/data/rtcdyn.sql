CREATE TABLE PublishedInstance (
  PublisherId int NOT NULL /*S*/,
  ContainerNum int NOT NULL /*S*/,
  CategoryId int NULL /*I*/,
  InstanceNum bigint NULL /*I*/,
  EndpointId uniqueidentifier NULL /*I*/,
  [Version] int NULL /*I*/,
  LastPubTime datetime NULL /*S*/,
  ExpiresAt datetime NULL /*I, time-bound instances*/,
  Data varbinary(max) NULL /*S t: image or varbinary*/);
CREATE TABLE Endpoint (
  EndpointId uniqueidentifier NOT NULL PRIMARY KEY /*S t*/,
  RegistrarId int NULL /*S t*/,
  ExpiresAt datetime NULL /*S*/);
CREATE TABLE RegistrarEndpoint (
  EndpointId uniqueidentifier NOT NULL /*S t*/,
  OwnerId int NOT NULL /*S*/,
  PrimaryRegistrarClusterId int NULL /*S t*/,
  IsServerSource bit NULL /*S*/,
  ClientApp varbinary(256) NULL /*S binary; size t*/,
  SipCallId varbinary(256) NULL /*S binary; size t*/,
  SipHeaderFrom varbinary(512) NULL /*S binary; size t*/);
CREATE TABLE Registrar (
  RegistrarId int NOT NULL PRIMARY KEY /*S t*/,
  Fqdn nvarchar(256) NOT NULL /*S t*/);
CREATE TABLE HomedResourceDynamic (
  OwnerId int NOT NULL PRIMARY KEY /*S*/,
  LastNewRegisterTime datetime NULL /*S*/);
CREATE TABLE ActiveConference (
  ConfId int NOT NULL PRIMARY KEY /*S t*/,
  ConfStateVersion int NULL /*S t*/,
  Locked bit NULL /*S*/,
  AdmissionType tinyint NULL /*S*/,
  AutoPromote tinyint NULL /*S*/,
  PstnLobbyBypass bit NULL /*S t*/,
  LastPartId int NULL /*S t*/,
  LastEnterprisePartLeaveTime datetime NULL /*S*/,
  ActivationInstance uniqueidentifier NULL /*S*/,
  IsLargeMeeting bit NULL /*S, 2013+*/);
CREATE TABLE Participant (
  ConfId int NOT NULL /*S*/,
  UserAtHost nvarchar(450) NOT NULL /*S t*/,
  JoinTime datetime NULL /*S*/,
  EnterpriseId int NULL /*S t*/);
CREATE TABLE Subscription (
  SubscriberId int NOT NULL /*I, wholly inferred table*/,
  PublisherId int NOT NULL /*I*/,
  CategoryId int NULL /*I*/,
  ExpiresAt datetime NULL /*I*/);
