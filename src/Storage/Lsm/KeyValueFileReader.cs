using System.Runtime.InteropServices;
using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// An open data or changelog file, read with any schema: columns are matched by field id, columns that the file's schema
/// lacks read as NULL. Keys and values are read by cursors of their own, so that values can be skipped. One thread.
/// </summary>
internal sealed class KeyValueFileReader : IAsyncDisposable
{
    private readonly DataFileMeta _file;
    private readonly IFormatReader _reader;
    private readonly RowType _fileSchema;
    private readonly FixedVector<sbyte> _storedKinds = new(KeyValueLayout.KindField.Type);
    private MappedCursor? _keys;
    private MappedCursor? _values;
    private long _position;

    /// <summary>Takes over an open file.</summary>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="file">What its manifest says of it.</param>
    /// <param name="reader">The open file.</param>
    /// <param name="fileSchema">The columns of the schema that it was written with.</param>
    public KeyValueFileReader(string path, DataFileMeta file, IFormatReader reader, RowType fileSchema)
    {
        Path = path;
        _file = file;
        _reader = reader;
        _fileSchema = fileSchema;
    }

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>The columns that the file was written with.</summary>
    public RowType FileColumns => _fileSchema;

    /// <summary>True when the keys of all rows have been read.</summary>
    public bool IsAtEnd => _position >= _file.RowCount;

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
        if (IsAtEnd)
        {
            return 0;
        }

        _keys ??= Open(type, sequences is not null, kinds is not null);
        _storedKinds.Clear();
        try
        {
            var rows = await _keys.ReadAsync(columns, sequences, _storedKinds, maxRows, cancellationToken).ConfigureAwait(false);
            if (rows == 0)
            {
                CorruptDataException.Throw($"The file ends after {_position} rows; its manifest says {_file.RowCount}.");
            }

            if (kinds is not null)
            {
                AppendKinds(kinds);
            }

            _position += rows;
            return rows;
        }
        catch (CorruptDataException e) when (e.Path is null)
        {
            throw e.InFile(Path);
        }
    }

    /// <summary>Appends other columns of the rows that <see cref="ReadAsync"/> read last.</summary>
    /// <param name="type">The columns, the same in every call.</param>
    /// <param name="columns">A vector for each column.</param>
    /// <param name="count">The rows that were read last.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask ReadValuesAsync(
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

        MemoryMarshal.Cast<sbyte, RowKind>(stored).CopyTo(kinds.AppendUninitialized(stored.Length));
    }

    private MappedCursor Open(RowType type, bool withSequences, bool withKinds)
    {
        var present = new List<int>();
        var wanted = new List<DataField>();
        for (var i = 0; i < type.Fields.Count; i++)
        {
            var index = _fileSchema.IndexOfId(type.Fields[i].Id);
            if (index >= 0)
            {
                present.Add(i);
                wanted.Add(Match(type.Fields[i], _fileSchema.Fields[index]));
            }
        }

        if (withSequences)
        {
            wanted.Add(KeyValueLayout.SequenceField);
        }

        if (withKinds)
        {
            wanted.Add(KeyValueLayout.KindField);
        }

        var cursor = wanted.Count == 0 ? null : _reader.OpenCursor(new RowType(wanted));
        return new MappedCursor(cursor, [.. present], type.Fields.Count, withSequences, withKinds, _file.RowCount);
    }

    private DataField Match(DataField wanted, DataField stored)
    {
        var isSame = wanted.Type.EqualsIgnoringNullability(stored.Type)
            || (wanted.Type is LengthType && stored.Type is LengthType
                && IsText(wanted.Type.Root) == IsText(stored.Type.Root));
        return isSame
            ? stored with { Type = wanted.Type.Nullable() }
            : throw new PaimonException(
                ErrorKind.Unsupported,
                $"{Path}: column '{wanted.Name}' was {stored.Type} when the file was written and is {wanted.Type} now; "
                + "reading it with the new type is not supported.");
    }

    private static bool IsText(TypeRoot root) => root is TypeRoot.Char or TypeRoot.VarChar;
}
