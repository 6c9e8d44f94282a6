using System.Text;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// A TABLE_MAP event: the table and the types of its columns as the rows events of the statement use them. The parser hands
/// out the same object as long as the bytes of the event stay the same, so that plans can be kept by reference. Immutable.
/// <code>
/// table id u48 | flags u16 | u8 database 00 | u8 table 00 | lenenc columns | type u8 x n | lenenc metadata | null bits | TLVs
/// </code>
/// </summary>
public sealed class TableMap
{
    /// <summary>The table id of a rows event that only ends a statement.</summary>
    internal const ulong DummyId = 0xFFFFFF;
    private const int MaxColumns = 4096;

    private readonly byte[] _body;
    private readonly WireColumn[] _columns;
    private readonly byte[] _nullBits;
    private readonly TableMetadata _metadata;
    private readonly bool _isMariaDb;
    private MySqlColumn[]? _described;

    private TableMap(
        ulong id, string database, string name, WireColumn[] columns, byte[] nullBits, TableMetadata metadata, bool isMariaDb, byte[] body)
    {
        Id = id;
        Database = database;
        Name = name;
        _columns = columns;
        _nullBits = nullBits;
        _metadata = metadata;
        _isMariaDb = isMariaDb;
        _body = body;
    }

    /// <summary>The server's number of the open table: never the same for long.</summary>
    public ulong Id { get; }

    /// <summary>The database.</summary>
    public string Database { get; }

    /// <summary>The table.</summary>
    public string Name { get; }

    /// <summary>The number of columns in a full row image.</summary>
    public int ColumnCount => _columns.Length;

    /// <summary>True when the event names the columns (<c>binlog_row_metadata=FULL</c>).</summary>
    public bool HasColumnNames => _metadata.Names is not null;

    /// <summary>
    /// The columns as far as the event describes them: without names they are called <c>@1</c>, <c>@2</c> …, without
    /// metadata integers count as signed and text has the collation 0 (unknown).
    /// </summary>
    public IReadOnlyList<MySqlColumn> Columns => _described ??= Describe();

    /// <summary>The names of the primary key's columns, in key order; empty without names or without a key.</summary>
    public IReadOnlyList<string> PrimaryKey =>
        _metadata.Names is { } names ? [.. _metadata.PrimaryKey.Select(column => names[column])] : [];

    internal ReadOnlySpan<WireColumn> WireColumns => _columns;

    /// <summary>True between this table's TABLE_MAP and the end of the statement.</summary>
    internal bool IsActive { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Database}.{Name}";

    internal bool HasSameBody(ReadOnlySpan<byte> body) => _body.AsSpan().SequenceEqual(body);

    internal static TableMap Read(ReadOnlySpan<byte> body, FormatDescription format)
    {
        var reader = new ByteReader(body);
        var id = format.PostHeaderLength(BinlogEventType.TableMap) == 6 ? reader.UInt32() : reader.UInt48();
        reader.UInt16();
        var database = Encoding.UTF8.GetString(reader.Take(reader.Byte()));
        reader.Byte();
        var name = Encoding.UTF8.GetString(reader.Take(reader.Byte()));
        reader.Byte();
        var count = reader.Count();
        if (count > MaxColumns)
        {
            CorruptDataException.Throw($"The table map of {database}.{name} has {count} columns; tables have at most {MaxColumns}.");
        }

        var codes = reader.Take(count);
        if (reader.Remaining == 0)
        {
            throw new PaimonException(
                ErrorKind.Unsupported,
                $"The table map of {database}.{name} has no metadata, as MySQL 5.1 before 5.1.18 wrote it: this is not supported.");
        }

        var metadata = new ByteReader(reader.Take(reader.Count()));
        var columns = new WireColumn[count];
        for (var i = 0; i < count; i++)
        {
            columns[i] = WireColumn.Read(codes[i], ref metadata);
        }

        var nullBits = reader.Remaining > 0 ? reader.Take((count + 7) / 8) : default;
        var optional = TableMetadata.Read(reader.Rest, columns, format.IsMariaDb);
        return new TableMap(id, database, name, columns, nullBits.ToArray(), optional, format.IsMariaDb, body.ToArray());
    }

    private MySqlColumn[] Describe()
    {
        var columns = new MySqlColumn[_columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            var isNullable = i >> 3 >= _nullBits.Length || (_nullBits[i >> 3] >> (i & 7) & 1) != 0;
            columns[i] = new MySqlColumn(_metadata.Names?[i] ?? $"@{i + 1}", TypeOf(i), isNullable);
        }

        return columns;
    }

    private MySqlColumnType TypeOf(int index)
    {
        var column = _columns[index];
        var collation = column.Code is ColumnCode.Enum or ColumnCode.Set
            ? _metadata.LabelCollations[index]
            : _metadata.Collations[index];
        var isBinary = collation == MySqlColumnType.BinaryCollation;
        var type = new MySqlColumnType(KindOf(column, isBinary)) { IsUnsigned = _metadata.Unsigned[index], CollationId = collation };
        return column.Code switch
        {
            ColumnCode.NewDecimal => type with { Precision = column.Metadata, Scale = column.Metadata2 },
            ColumnCode.Timestamp2 or ColumnCode.DateTime2 or ColumnCode.Time2 => type with { Scale = column.Metadata },
            ColumnCode.Bit => type with { Length = column.Bits },
            ColumnCode.Enum or ColumnCode.Set => type with { Labels = _metadata.Labels[index] },
            ColumnCode.VarChar or ColumnCode.VarString or ColumnCode.String when isBinary => type with { Length = column.Metadata },
            _ => type,
        };
    }

    private static MySqlTypeKind KindOf(WireColumn column, bool isBinary) => column.Code switch
    {
        ColumnCode.Tiny => MySqlTypeKind.TinyInt,
        ColumnCode.Short => MySqlTypeKind.SmallInt,
        ColumnCode.Int24 => MySqlTypeKind.MediumInt,
        ColumnCode.Long => MySqlTypeKind.Int,
        ColumnCode.LongLong => MySqlTypeKind.BigInt,
        ColumnCode.Float => MySqlTypeKind.Float,
        ColumnCode.Double => MySqlTypeKind.Double,
        ColumnCode.NewDecimal => MySqlTypeKind.Decimal,
        ColumnCode.Bit => MySqlTypeKind.Bit,
        ColumnCode.Year => MySqlTypeKind.Year,
        ColumnCode.Date or ColumnCode.NewDate => MySqlTypeKind.Date,
        ColumnCode.Time or ColumnCode.Time2 => MySqlTypeKind.Time,
        ColumnCode.DateTime or ColumnCode.DateTime2 => MySqlTypeKind.DateTime,
        ColumnCode.Timestamp or ColumnCode.Timestamp2 => MySqlTypeKind.Timestamp,
        ColumnCode.Enum => MySqlTypeKind.Enum,
        ColumnCode.Set => MySqlTypeKind.Set,
        ColumnCode.Json => MySqlTypeKind.Json,
        ColumnCode.Geometry => MySqlTypeKind.Geometry,
        ColumnCode.Vector => MySqlTypeKind.Vector,
        ColumnCode.String => isBinary ? MySqlTypeKind.Binary : MySqlTypeKind.Char,
        ColumnCode.VarChar or ColumnCode.VarString or ColumnCode.VarCharCompressed =>
            isBinary ? MySqlTypeKind.VarBinary : MySqlTypeKind.VarChar,
        ColumnCode.Blob or ColumnCode.BlobCompressed => isBinary ? MySqlTypeKind.Blob : MySqlTypeKind.Text,
        _ => throw new PaimonException(ErrorKind.Unsupported, $"Binlog column type {column.Code} is not supported."),
    };
}
