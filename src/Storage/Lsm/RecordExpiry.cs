using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.DeletionVectors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// Rows that compactions leave out, as the time in one of their columns is too long ago: options <c>record-level.expire-time</c>
/// and <c>record-level.time-field</c> (docs/format.md#record-expiry). Rows without a time stay. Immutable; safe for several threads.
/// </summary>
internal sealed class RecordExpiry
{
    private const int BlockRows = 8192;
    private const int ReadAheadBytes = 1 << 20;
    private const long FirstMillis = 1_000_000_000_000;

    private readonly TableSchema _schema;
    private readonly DataField _field;
    private readonly RowType _type;
    private readonly long _secondsRetained;
    private readonly TimeProvider _time;

    private RecordExpiry(TableSchema schema, DataField field, TimeSpan retained, TimeProvider time)
    {
        _schema = schema;
        _field = field;
        _type = new RowType([field with { Type = field.Type.Nullable() }]);
        _secondsRetained = (long)retained.TotalSeconds;
        _time = time;
    }

    /// <summary>Reads the options; null for a table whose rows do not expire.</summary>
    /// <param name="schema">The table's schema.</param>
    /// <param name="options">The table's options.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="PaimonException">Invalid: the time field is missing, is no column, or has another type than times have.</exception>
    public static RecordExpiry? Create(TableSchema schema, TableOptions options, TimeProvider time)
    {
        const string Key = "record-level.time-field";
        if (schema.PrimaryKeys.Count == 0 || options.GetDuration("record-level.expire-time") is not { } retained)
        {
            return null;
        }

        if (options.GetString(Key) is not { } column)
        {
            throw new PaimonException(
                ErrorKind.Invalid, $"Option 'record-level.expire-time' needs option '{Key}', the column with the time of a row.");
        }

        return new RecordExpiry(schema, SchemaValidation.CheckTimeField(schema, Key, column), retained, time);
    }

    /// <summary>True when the file's statistics say that it has rows that have expired.</summary>
    /// <param name="file">The file.</param>
    /// <param name="fileSchema">The schema that it was written with.</param>
    public bool HasExpiredRows(DataFileMeta file, TableSchema fileSchema) =>
        MinSeconds(file, fileSchema) is { } min && IsExpired(min, Now);

    /// <summary>Finds the rows of a file that have expired.</summary>
    /// <param name="file">The file.</param>
    /// <param name="fileSchema">The schema that it was written with.</param>
    /// <param name="reader">The open file; stays open.</param>
    /// <param name="projection">How the time is read from it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Their positions; null when there are none.</returns>
    public async ValueTask<DeletionVector?> FindAsync(
        DataFileMeta file,
        TableSchema fileSchema,
        IFormatReader reader,
        FileProjection projection,
        CancellationToken cancellationToken)
    {
        var now = Now;
        if (projection.ReadFields.Count == 0 || (MinSeconds(file, fileSchema) is { } min && !IsExpired(min, now)))
        {
            return null;
        }

        var cursor = new MappedCursor(
            reader.OpenCursor(new RowType([.. projection.ReadFields]), ReadAheadBytes), projection, false, false, file.RowCount);
        await using var disposeCursor = cursor.ConfigureAwait(false);
        var expired = new DeletionVector(is64Bit: true);
        ColumnVector[] times = [ColumnVector.Create(_type.Fields[0].Type)];
        for (var start = 0L; start < file.RowCount; start += times[0].Length)
        {
            times[0].Clear();
            if (await cursor.ReadAsync(times, null, null, BlockRows, cancellationToken).ConfigureAwait(false) == 0)
            {
                CorruptDataException.Throw($"The file ends after {start} rows; its manifest says {file.RowCount}.");
            }

            for (var row = 0; row < times[0].Length; row++)
            {
                if (IsExpired(times[0], row, now))
                {
                    expired.Delete(start + row);
                }
            }
        }

        return expired.IsEmpty ? null : expired;
    }

    /// <summary>The column with the time, to read it from a file.</summary>
    public RowType TimeType => _type;

    /// <summary>The time now, for <see cref="IsExpired(ColumnVector, int, long)"/>: seconds since 1970.</summary>
    public long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>True for a row that has expired.</summary>
    /// <param name="times">The column of <see cref="TimeType"/>.</param>
    /// <param name="row">The row.</param>
    /// <param name="now">The time now.</param>
    public bool IsExpired(ColumnVector times, int row, long now) => !times.IsNull(row) && IsExpired(Seconds(times, row), now);

    private bool IsExpired(long seconds, long now) => now - _secondsRetained > seconds;

    private long? MinSeconds(DataFileMeta file, TableSchema fileSchema) =>
        EvolvedBounds.Of(file, fileSchema, _schema)(_field.Name) is { Min: { } min, Row: var row } && !min.IsNull(row)
            ? Seconds(min, row)
            : null;

    // Whole numbers are seconds, or milliseconds where they are too large for that; as Java divides, towards zero.
    private static long Seconds(ColumnVector column, int row) => column switch
    {
        FixedVector<int> ints => ints.Values[row],
        FixedVector<long> { Type.Root: TypeRoot.BigInt } longs =>
            longs.Values[row] is >= FirstMillis and var millis ? millis / 1000 : longs.Values[row],
        _ => TimestampColumn.Get(column, row).EpochMillis / 1000,
    };
}
