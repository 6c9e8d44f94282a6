namespace PaimonSharp.Cdc.Ddl;

/// <summary>What a data definition statement does to tables, as far as a mirror of their rows must know.</summary>
internal enum DdlKind : byte
{
    /// <summary>Nothing that concerns rows or columns: users, views, indexes, statistics, comments.</summary>
    Harmless,

    /// <summary>CREATE TABLE</summary>
    CreateTable,

    /// <summary>ALTER TABLE with clauses.</summary>
    AlterTable,

    /// <summary>DROP TABLE</summary>
    DropTable,

    /// <summary>RENAME TABLE</summary>
    RenameTable,

    /// <summary>TRUNCATE TABLE</summary>
    TruncateTable,

    /// <summary>DROP DATABASE</summary>
    DropDatabase,

    /// <summary>INSERT, UPDATE, DELETE, REPLACE or LOAD as text: rows changed without row events.</summary>
    RowChange,
}

/// <summary>A table as a statement names it.</summary>
/// <param name="Database">The qualifier, or the session's default database.</param>
/// <param name="Name">The table.</param>
internal readonly record struct DdlTable(string Database, string Name);

/// <summary>A statement of the binlog, read as far as a mirror of the tables needs.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Tables">The tables that it names as its objects.</param>
/// <param name="Clauses">The clauses of ALTER TABLE, in order.</param>
/// <param name="Text">The statement as written.</param>
internal sealed record DdlStatement(
    DdlKind Kind, IReadOnlyList<DdlTable> Tables, IReadOnlyList<AlterClause> Clauses, string Text);

/// <summary>A clause of ALTER TABLE.</summary>
internal abstract record AlterClause;

/// <summary>ADD COLUMN name definition [FIRST | AFTER column].</summary>
/// <param name="Name">The new column.</param>
/// <param name="TypeText">Its type as information_schema would print it, lower case: <c>decimal(10,2) unsigned</c>.</param>
/// <param name="CharacterSet">CHARACTER SET, if given.</param>
/// <param name="Collation">COLLATE, if given.</param>
/// <param name="IsNullable">False for NOT NULL.</param>
/// <param name="HasDefault">True when existing rows got a value other than NULL: a DEFAULT that is not NULL, or NOT NULL.</param>
/// <param name="Comment">COMMENT, if given.</param>
/// <param name="IsFirst">True for FIRST.</param>
/// <param name="After">The column of AFTER, if given.</param>
/// <param name="IfNotExists">True for MariaDB's ADD COLUMN IF NOT EXISTS.</param>
internal sealed record AddColumnClause(
    string Name,
    string TypeText,
    string? CharacterSet,
    string? Collation,
    bool IsNullable,
    bool HasDefault,
    string? Comment,
    bool IsFirst,
    string? After,
    bool IfNotExists) : AlterClause;

/// <summary>A clause that changes neither rows nor columns: indexes, constraints, table options.</summary>
/// <param name="Text">The clause as written.</param>
internal sealed record HarmlessClause(string Text) : AlterClause;

/// <summary>A clause that changes rows or columns in a way that is not followed.</summary>
/// <param name="Text">The clause as written.</param>
internal sealed record UnsupportedClause(string Text) : AlterClause;
