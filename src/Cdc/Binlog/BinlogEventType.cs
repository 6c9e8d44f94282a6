namespace PaimonSharp.Cdc.Binlog;

/// <summary>The types of binlog events, by the number in the event header.</summary>
public enum BinlogEventType : byte
{
    /// <summary>Never written.</summary>
    Unknown = 0,

    /// <summary>The first event of MySQL 4 files.</summary>
    StartV3 = 1,

    /// <summary>A statement as text.</summary>
    Query = 2,

    /// <summary>The server was shut down.</summary>
    Stop = 3,

    /// <summary>The next file.</summary>
    Rotate = 4,

    /// <summary>An insert id for the next statement.</summary>
    IntVar = 5,

    /// <summary>MySQL 3.23.</summary>
    Load = 6,

    /// <summary>Never written.</summary>
    Slave = 7,

    /// <summary>LOAD DATA of MySQL 4.</summary>
    CreateFile = 8,

    /// <summary>LOAD DATA: a part of the file.</summary>
    AppendBlock = 9,

    /// <summary>LOAD DATA of MySQL 4.</summary>
    ExecLoad = 10,

    /// <summary>LOAD DATA: the file is dropped.</summary>
    DeleteFile = 11,

    /// <summary>LOAD DATA of MySQL 4.</summary>
    NewLoad = 12,

    /// <summary>Seeds of RAND() for the next statement.</summary>
    Rand = 13,

    /// <summary>A user variable for the next statement.</summary>
    UserVar = 14,

    /// <summary>The format of the file.</summary>
    FormatDescription = 15,

    /// <summary>A transaction is committed.</summary>
    Xid = 16,

    /// <summary>LOAD DATA: the first part of the file.</summary>
    BeginLoadQuery = 17,

    /// <summary>LOAD DATA: the statement.</summary>
    ExecuteLoadQuery = 18,

    /// <summary>A table of the rows events that follow.</summary>
    TableMap = 19,

    /// <summary>MySQL 5.1 before 5.1.18.</summary>
    PreGaWriteRows = 20,

    /// <summary>MySQL 5.1 before 5.1.18.</summary>
    PreGaUpdateRows = 21,

    /// <summary>MySQL 5.1 before 5.1.18.</summary>
    PreGaDeleteRows = 22,

    /// <summary>Inserted rows.</summary>
    WriteRowsV1 = 23,

    /// <summary>Updated rows.</summary>
    UpdateRowsV1 = 24,

    /// <summary>Deleted rows.</summary>
    DeleteRowsV1 = 25,

    /// <summary>Changes are missing from the log.</summary>
    Incident = 26,

    /// <summary>The connection is alive.</summary>
    Heartbeat = 27,

    /// <summary>May be skipped.</summary>
    Ignorable = 28,

    /// <summary>The statement behind rows events.</summary>
    RowsQuery = 29,

    /// <summary>Inserted rows.</summary>
    WriteRowsV2 = 30,

    /// <summary>Updated rows.</summary>
    UpdateRowsV2 = 31,

    /// <summary>Deleted rows.</summary>
    DeleteRowsV2 = 32,

    /// <summary>A transaction begins; its GTID.</summary>
    Gtid = 33,

    /// <summary>A transaction without GTID begins.</summary>
    AnonymousGtid = 34,

    /// <summary>The GTIDs of all earlier files.</summary>
    PreviousGtids = 35,

    /// <summary>Group replication.</summary>
    TransactionContext = 36,

    /// <summary>Group replication.</summary>
    ViewChange = 37,

    /// <summary>An XA transaction is prepared.</summary>
    XaPrepare = 38,

    /// <summary>Updated rows with partial JSON.</summary>
    PartialUpdateRows = 39,

    /// <summary>A compressed transaction.</summary>
    TransactionPayload = 40,

    /// <summary>The connection is alive.</summary>
    HeartbeatV2 = 41,

    /// <summary>A transaction begins; its tagged GTID.</summary>
    GtidTagged = 42,

    /// <summary>MariaDB: the statement behind rows events.</summary>
    MariaAnnotateRows = 160,

    /// <summary>MariaDB: the oldest file that crash recovery needs.</summary>
    MariaBinlogCheckpoint = 161,

    /// <summary>MariaDB: a transaction begins; its GTID.</summary>
    MariaGtid = 162,

    /// <summary>MariaDB: the GTID position at the beginning of a file.</summary>
    MariaGtidList = 163,

    /// <summary>MariaDB: the rest of the file is encrypted.</summary>
    MariaStartEncryption = 164,

    /// <summary>MariaDB: a compressed statement.</summary>
    MariaQueryCompressed = 165,

    /// <summary>MariaDB: compressed inserted rows.</summary>
    MariaWriteRowsCompressedV1 = 166,

    /// <summary>MariaDB: compressed updated rows.</summary>
    MariaUpdateRowsCompressedV1 = 167,

    /// <summary>MariaDB: compressed deleted rows.</summary>
    MariaDeleteRowsCompressedV1 = 168,

    /// <summary>MariaDB: compressed inserted rows.</summary>
    MariaWriteRowsCompressedV2 = 169,

    /// <summary>MariaDB: compressed updated rows.</summary>
    MariaUpdateRowsCompressedV2 = 170,

    /// <summary>MariaDB: compressed deleted rows.</summary>
    MariaDeleteRowsCompressedV2 = 171,
}
