using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.DeletionVectors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// An open data or changelog file, read with any schema: see <see cref="FileProjection"/>. Keys and values are read by cursors
/// of their own, so that values can be skipped. Rows that a deletion vector removes are passed over. One thread.
/// </summary>
internal sealed class KeyValueFileReader : IAsyncDisposable
{
    private readonly DataFileMeta _file;
    private readonly IFormatReader _reader;
    private readonly RowType _fileSchema;
    private readonly TimeZoneInfo _zone;
    private readonly bool _noteLoss;
    private readonly LiveRows? _live;
    private readonly FixedVector<sbyte> _storedKinds = new(KeyValueLayout.KindField.Type);
    private MappedCursor? _keys;
    private MappedCursor? _values;
    private long _position;

    /// <summary>Takes over an open file.</summary>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="file">What its manifest says of it.</param>
    /// <param name="reader">The open file.</param>
    /// <param name="fileSchema">The columns of the schema that it was written with.</param>
    /// <param name="zone">The zone of clock readings, for casts between times with and without zone.</param>
    /// <param name="deletions">Its rows that are deleted, if any.</param>
    /// <param name="noteLoss">True to note values that a cast turns into NULL.</param>
    public KeyValueFileReader(
        string path,
        DataFileMeta file,
        IFormatReader reader,
        RowType fileSchema,
        TimeZoneInfo zone,
        DeletionVector? deletions = null,
        bool noteLoss = false)
    {
        Path = path;
        _file = file;
        _reader = reader;
        _fileSchema = fileSchema;
        _zone = zone;
        _noteLoss = noteLoss;
        _live = deletions is null || deletions.IsEmpty ? null : new LiveRows(deletions);
    }

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>The columns that the file was written with.</summary>
    public RowType FileColumns => _fileSchema;

    /// <summary>What is read of the file at once; to be set before the first rows are read.</summary>
    public int ReadAheadBytes { get; set; } = 8 << 20;

    /// <summary>True when the keys of all rows have been read.</summary>
    public bool IsAtEnd => _position >= _file.RowCount;

    /// <summary>Takes over the rows, by their positions in the vectors read into, of which a value was lost.</summary>
    /// <param name="rows">Where to; made when there are some.</param>
    public void TakeLostRows(ref HashSet<int>? rows)
    {
        if (_noteLoss)
        {
            Take(_keys, ref rows);
            Take(_values, ref rows);
        }

        static void Take(MappedCursor? cursor, ref HashSet<int>? rows)
        {
            if (cursor is { Projection.LostRows.Count: > 0 })
            {
                (rows ??= []).UnionWith(cursor.Projection.LostRows);
                cursor.Projection.LostRows.Clear();
            }
        }
    }

    /// <summary>Refuses to go on where a row was read last of which a value was lost.</summary>
    public void ThrowIfLost()
    {
        HashSet<int>? rows = null;
        TakeLostRows(ref rows);
        if (rows is not null)
        {
            ThrowLost();
        }
    }

    /// <summary>Refuses to go on without a value that was lost.</summary>
    [DoesNotReturn]
    public void ThrowLost() => PaimonException.ThrowInvalid(Loss);

    /// <summary>What is to be said where a value is needed that was lost.</summary>
    public string Loss => _values?.Projection.Loss ?? _keys?.Projection.Loss ?? $"{Path}: a value was lost.";

    /// <summary>The bytes of a row of some columns by the file's metadata.</summary>
    /// <param name="columns">The columns.</param>
    public long EstimateRowBytes(IEnumerable<DataField> columns) => _reader.EstimateRowBytes(columns
        .Select(column => _fileSchema.IndexOfId(column.Id))
        .Where(index => index >= 0)
        .Select(index => _fileSchema.Fields[index].Name)
        .ToHashSet(StringComparer.Ordinal));

    /// <summary>Appends columns, sequence numbers and kinds of the next rows.</summary>
    /// <param name="type">The columns, the same in every call.</param>
    /// <param name="columns">A vector for each column.</param>
    /// <param name="sequences">Where sequence numbers go, null when they are not needed.</param>
    /// <param name="kinds">Where kinds go, null when they are not needed.</param>
    /// <param name="maxRows">At most so many rows.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The rows appended, 0 at the end.</returns>
    public async ValueTask<int> ReadAsync(
        RowType type,
        ColumnVector[] columns,
        FixedVector<long>? sequences,
        FixedVector<RowKind>? kinds,
        int maxRows,
        CancellationToken cancellationToken)
    {
        var target = new Target(type, columns, sequences, kinds);
        if (_live is null)
        {
            return IsAtEnd ? 0 : await ReadWindowAsync(target, maxRows, cancellationToken).ConfigureAwait(false);
        }

        while (!IsAtEnd)
        {
            _live.Begin(_position, (int)Math.Min(maxRows, _file.RowCount - _position));
            if (_live.Count > 0)
            {
                await ReadLiveAsync(_live, target, cancellationToken).ConfigureAwait(false);
                return _live.Count;
            }

            _keys ??= Open(target);
            _position += _live.WindowRows;
            if (_position > _reader.RowCount)
            {
                throw new CorruptDataException(
                    $"The file has {_reader.RowCount} rows; its manifest says {_file.RowCount}.", Path);
            }

            await _keys.SkipToAsync(_position, cancellationToken).ConfigureAwait(false);
        }

        return 0;
    }

    /// <summary>Where a row that <see cref="ReadAsync"/> read last is in the file, deleted rows counted.</summary>
    /// <param name="row">The row, 0 for the first of those.</param>
    /// <param name="count">The rows that were read last.</param>
    public long PositionOf(int row, int count) =>
        _live is null || _live.IsWhole ? _position - count + row : _position - _live.WindowRows + _live.Rows[row];

    /// <summary>Appends other columns of the rows that <see cref="ReadAsync"/> read last.</summary>
    /// <param name="type">The columns, the same in every call.</param>
    /// <param name="columns">A vector for each column.</param>
    /// <param name="count">The rows that were read last.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask ReadValuesAsync(
        RowType type, ColumnVector[] columns, int count, CancellationToken cancellationToken)
    {
        if (_live is null || _live.IsWhole)
        {
            await ReadWindowValuesAsync(type, columns, count, cancellationToken).ConfigureAwait(false);
            return;
        }

        var window = _live.ClearedValues(type);
        await ReadWindowValuesAsync(type, window, _live.WindowRows, cancellationToken).ConfigureAwait(false);
        _live.Gather(window, columns);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_keys is not null)
        {
            await _keys.DisposeAsync().ConfigureAwait(false);
        }

        if (_values is not null)
        {
            await _values.DisposeAsync().ConfigureAwait(false);
        }

        await _reader.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask ReadLiveAsync(LiveRows live, Target target, CancellationToken cancellationToken)
    {
        if (live.IsWhole)
        {
            await ReadWindowAsync(target, live.WindowRows, cancellationToken).ConfigureAwait(false);
            return;
        }

        live.Sequences.Clear();
        var window = target with
        {
            Columns = live.ClearedKeys(target.Type),
            Sequences = target.Sequences is null ? null : live.Sequences,
        };
        await ReadWindowAsync(window, live.WindowRows, cancellationToken).ConfigureAwait(false);
        live.Gather(window.Columns, target.Columns);
        target.Sequences?.AppendGather(live.Sequences, live.Rows);
    }

    // The rows as they are stored, but for kinds: those that are deleted are left out.
    private async ValueTask<int> ReadWindowAsync(Target target, int maxRows, CancellationToken cancellationToken)
    {
        _keys ??= Open(target);
        _storedKinds.Clear();
        try
        {
            var rows = await _keys.ReadAsync(target.Columns, target.Sequences, _storedKinds, maxRows, cancellationToken)
                .ConfigureAwait(false);
            if (rows == 0 || (_live is not null && rows != _live.WindowRows))
            {
                CorruptDataException.Throw($"The file ends after {_position + rows} rows; its manifest says {_file.RowCount}.");
            }

            if (target.Kinds is not null)
            {
                AppendKinds(target.Kinds);
            }

            _position += rows;
            return rows;
        }
        catch (CorruptDataException e) when (e.Path is null)
        {
            throw e.InFile(Path);
        }
    }

    private async ValueTask ReadWindowValuesAsync(
        RowType type, ColumnVector[] columns, int count, CancellationToken cancellationToken)
    {
        _values ??= Open(type, withSequences: false, withKinds: false);
        try
        {
            await _values.SkipToAsync(_position - count, cancellationToken).ConfigureAwait(false);
            for (var read = 0; read < count;)
            {
                var rows = await _values.ReadAsync(columns, null, null, count - read, cancellationToken).ConfigureAwait(false);
                if (rows == 0)
                {
                    CorruptDataException.Throw($"The file ends before row {_position}; its manifest says {_file.RowCount}.");
                }

                read += rows;
            }
        }
        catch (CorruptDataException e) when (e.Path is null)
        {
            throw e.InFile(Path);
        }
    }

    private void AppendKinds(FixedVector<RowKind> kinds)
    {
        var stored = _storedKinds.Values;
        foreach (var kind in stored)
        {
            if (kind is < (sbyte)RowKind.Insert or > (sbyte)RowKind.Delete)
            {
                CorruptDataException.Throw($"{KeyValueLayout.KindColumn} is {kind}; a row kind is 0 to 3.");
            }
        }

        var all = MemoryMarshal.Cast<sbyte, RowKind>(stored);
        if (_live is null || _live.IsWhole)
        {
            all.CopyTo(kinds.AppendUninitialized(stored.Length));
            return;
        }

        var target = kinds.AppendUninitialized(_live.Count);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = all[_live.Rows[i]];
        }
    }

    private MappedCursor Open(Target target) => Open(target.Type, target.Sequences is not null, target.Kinds is not null);

    private MappedCursor Open(RowType type, bool withSequences, bool withKinds)
    {
        var projection = new FileProjection(type, _fileSchema, _zone, Path) { NotesLoss = _noteLoss };
        var wanted = projection.ReadFields.ToList();
        if (withSequences)
        {
            wanted.Add(KeyValueLayout.SequenceField);
        }

        if (withKinds)
        {
            wanted.Add(KeyValueLayout.KindField);
        }

        var cursor = wanted.Count == 0 ? null : _reader.OpenCursor(new RowType(wanted), ReadAheadBytes);
        return new MappedCursor(cursor, projection, withSequences, withKinds, _file.RowCount);
    }

    /// <summary>Where rows go: their columns and, where they are needed, their sequence numbers and kinds.</summary>
    private readonly record struct Target(
        RowType Type, ColumnVector[] Columns, FixedVector<long>? Sequences, FixedVector<RowKind>? Kinds);
}
