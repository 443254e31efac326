CREATE TABLE Resource (
  ResourceId int NOT NULL PRIMARY KEY /*S t*/,
  UserAtHost nvarchar(450) NOT NULL /*S t*/);
CREATE TABLE ResourceDirectory (
  ResourceId int NOT NULL PRIMARY KEY /*S t*/,
  UserPrincipalName nvarchar(450) NULL /*S t*/,
  AdUserSid varbinary(85) NULL /*S, binary SID; size t*/,
  InsertTime datetime NULL /*S*/,
  UpdateTime datetime NULL /*S*/,
  Enabled bit NULL /*S t*/,
  SmtpUserAtHost nvarchar(450) NULL /*S t*/,
  AdDisplayName varbinary(512) NULL /*S t: binary or nvarchar*/,
  RoutingGroupId int NULL /*S t*/);
CREATE TABLE ResourcePhone (
  ResourceId int NOT NULL /*S t*/,
  PhoneNum nvarchar(450) NOT NULL /*S t*/);
CREATE TABLE CategoryDef (
  CategoryId int NOT NULL PRIMARY KEY /*S t*/,
  Name nvarchar(128) NOT NULL /*S, Unicode per D*/,
  Private bit NOT NULL /*S t*/,
  ReplicationFlags int NULL /*S t*/,
  QuotaTotalSize int NULL /*S t*/);
CREATE TABLE PublishedStaticInstance (
  PublisherId int NOT NULL /*S*/,
  CategoryId int NOT NULL /*S*/,
  ContainerNum int NOT NULL /*S*/,
  InstanceNum bigint NULL /*I*/,
  [Version] int NULL /*S t*/,
  LastPubTime datetime NULL /*I, by analogy*/,
  Data image NULL /*S*/);
CREATE TABLE Contact (
  OwnerId int NOT NULL /*S*/,
  BuddyId int NOT NULL /*S*/,
  SubscribePresence bit NULL /*I, export schema*/,
  DisplayName varbinary(512) NULL /*I, export schema*/);
CREATE TABLE ContactGroup (
  OwnerId int NOT NULL /*S*/,
  GroupNumber int NOT NULL /*S*/,
  DisplayName varbinary(512) NULL /*S binary; size t*/,
  ExternalUri varbinary(512) NULL /*S binary; size t*/);
CREATE TABLE ContactGroupAssoc (
  OwnerId int NOT NULL /*S*/,
  BuddyId int NOT NULL /*S*/,
  GroupNumber int NOT NULL /*S*/);
CREATE TABLE FrontEnd (
  FrontEndId int NOT NULL PRIMARY KEY /*S*/,
  Fqdn nvarchar(256) NOT NULL /*S t*/);
CREATE TABLE RoutingGroupAssignment (
  RoutingGroupId int NOT NULL /*S t*/,
  RoutingGroupName nvarchar(64) NULL /*S t*/,
  FrontEndId int NOT NULL /*S*/);
CREATE TABLE Conference (
  ConfId int NOT NULL PRIMARY KEY /*I here; S in rtcdyn*/,
  OrganizerId int NOT NULL /*S*/,
  ExternalConfId nvarchar(64) NOT NULL /*S t*/,
  Static bit NOT NULL /*S*/);
CREATE TABLE Container (
  OwnerId int NOT NULL /*I*/,
  ContainerNum int NOT NULL /*I*/,
  [Version] int NULL /*I*/);
CREATE TABLE ContainerMember (
  OwnerId int NOT NULL /*I*/,
  ContainerNum int NOT NULL /*I*/,
  MemberType nvarchar(32) NOT NULL /*I: values of the protocol*/,
  MemberValue nvarchar(450) NULL /*I*/);
CREATE TABLE PromptedSubscriber (
  OwnerId int NOT NULL /*I*/,
  SubscriberId int NOT NULL /*I*/);
