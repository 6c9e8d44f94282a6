using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.Parquet;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Bench.Micro;

/// <summary>A Parquet file in memory with one column of random values, written and read as data files are.</summary>
internal sealed class ParquetColumn
{
    /// <summary>Rows of the file.</summary>
    public const int RowCount = 16 * KeyColumns.RowCount;

    private const string Path = "/bench.parquet";
    private readonly MemoryFileIO _files = new();
    private readonly RowType _type;
    private readonly ColumnVector[] _values;
    private readonly ColumnVector[] _target;

    /// <summary>Makes the values of a type.</summary>
    /// <param name="type">Its name in <see cref="TypeNames"/>.</param>
    /// <param name="distinctValues">How many values there are to choose from at most.</param>
    public ParquetColumn(string type, int distinctValues = int.MaxValue)
    {
        var dataType = type switch
        {
            "BOOLEAN" => DataTypes.Boolean,
            "INT" => DataTypes.Int,
            "BIGINT" => DataTypes.BigInt,
            "DOUBLE" => DataTypes.Double,
            "DECIMAL(18, 2)" => DataTypes.Decimal(18, 2),
            "STRING" => DataTypes.String,
            _ => throw new ArgumentException($"No values of {type}.", nameof(type)),
        };
        _type = KeyColumns.TypeOf(dataType);
        _values = [OrderRows.Column(_type.Fields[0].Type, RowCount, distinctValues)];
        _target = [ColumnVector.Create(_type.Fields[0].Type)];
    }

    /// <summary>The types that are measured.</summary>
    public static IEnumerable<string> TypeNames => ["BOOLEAN", "INT", "BIGINT", "DOUBLE", "DECIMAL(18, 2)", "STRING"];

    /// <summary>Values as they are.</summary>
    public static FormatWriterOptions Plain { get; } = new() { Compression = "none", EnableDictionary = false, EnableDelta = false };

    /// <summary>Indexes into a dictionary, not compressed, where values are few enough; else values as they are.</summary>
    public static FormatWriterOptions Dictionary { get; } = new() { Compression = "none" };

    /// <summary>So many values that a dictionary is worth it.</summary>
    public const int FewValues = 1000;

    /// <summary>Writes the file anew; gives its size.</summary>
    public async Task<long> WriteAsync(FormatWriterOptions options)
    {
        await _files.DeleteAsync(Path);
        await using var writer = ParquetFileFormat.Instance.CreateWriter(await _files.CreateAsync(Path), _type, options);
        for (var start = 0; start < RowCount; start += KeyColumns.RowCount)
        {
            await writer.WriteAsync(_values, start, KeyColumns.RowCount, CancellationToken.None);
        }

        return (await writer.FinishAsync(CancellationToken.None)).SizeBytes;
    }

    /// <summary>Reads the file; gives its rows.</summary>
    public async Task<long> ReadAsync()
    {
        await using var reader = await ParquetFileFormat.Instance.OpenAsync(await _files.OpenAsync(Path), CancellationToken.None);
        await using var cursor = reader.OpenCursor(_type);
        var rows = 0L;
        while (true)
        {
            _target[0].Clear();
            var count = await cursor.ReadAsync(_target, KeyColumns.RowCount, CancellationToken.None);
            if (count == 0)
            {
                return rows;
            }

            rows += count;
        }
    }
}
