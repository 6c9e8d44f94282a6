using System.Buffers;
using System.Buffers.Binary;
using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Lookup;

/// <summary>Writes a lookup file from rows whose keys ascend (layout: <see cref="LookupFileFooter"/>). One thread.</summary>
internal sealed class LookupFileWriter
{
    private const int BlockBytes = 16 << 10;

    private readonly IOutputFile _output;
    private readonly LookupOptions _options;
    private readonly bool _isExact;
    private readonly BinaryRowWriter? _rowWriter;
    private readonly KeyFilter? _filter;
    private readonly PackedKeysBuilder _index;
    private readonly PackedKeysBuilder _keys;
    private readonly List<LookupIndexEntry> _entries = [];
    private readonly List<uint> _ends = [];
    private readonly ArrayBufferWriter<byte> _rows = new();
    private byte[] _raw = [];
    private byte[] _compressed = [];
    private long _rowCount;

    /// <summary>Begins a file.</summary>
    /// <param name="output">The file, empty; the caller disposes it.</param>
    /// <param name="options">Compression, filter.</param>
    /// <param name="keys">The encoder of the keys.</param>
    /// <param name="columns">The columns of the rows; null for keys alone.</param>
    /// <param name="rowCount">The rows that will be added, for the size of the filter.</param>
    public LookupFileWriter(IOutputFile output, LookupOptions options, KeyEncoder keys, RowType? columns, long rowCount)
    {
        _output = output;
        _options = options;
        _isExact = keys.IsPrefixExact;
        _rowWriter = columns is null ? null : new BinaryRowWriter(columns);
        _filter = options.FalsePositiveRate > 0 ? KeyFilter.Create(rowCount, options.FalsePositiveRate) : null;
        _index = new PackedKeysBuilder(_isExact);
        _keys = new PackedKeysBuilder(_isExact);
    }

    /// <summary>Adds rows.</summary>
    /// <param name="keys">Their keys, larger than those before.</param>
    /// <param name="columns">Their columns; no matter where there are keys alone.</param>
    /// <param name="sequences">Their sequence numbers; the same.</param>
    /// <param name="kinds">Their kinds; the same.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask AddAsync(
        EncodedKeys keys,
        ColumnVector[] columns,
        FixedVector<long> sequences,
        FixedVector<RowKind> kinds,
        CancellationToken cancellationToken)
    {
        if (_output.Position == 0)
        {
            await _output.WriteAsync(LookupFileFooter.Header(_isExact, _rowWriter is not null), cancellationToken)
                .ConfigureAwait(false);
        }

        for (var row = 0; row < keys.Count;)
        {
            row = FillBlock(keys, columns, sequences, kinds, row);
            if (IsFull)
            {
                await WriteBlockAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends the file.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_output.Position == 0)
        {
            await _output.WriteAsync(LookupFileFooter.Header(_isExact, _rowWriter is not null), cancellationToken)
                .ConfigureAwait(false);
        }

        if (_keys.Count > 0)
        {
            await WriteBlockAsync(cancellationToken).ConfigureAwait(false);
        }

        var filter = await WriteSectionAsync(_filter?.Bytes ?? default, cancellationToken).ConfigureAwait(false);
        var index = new byte[checked((int)(_index.SizeBytes + ((long)_entries.Count * LookupIndexEntry.StoredBytes)))];
        _index.Write(index);
        for (var i = 0; i < _entries.Count; i++)
        {
            _entries[i].Write(index.AsSpan((int)_index.SizeBytes + (i * LookupIndexEntry.StoredBytes)));
        }

        var footer = new LookupFileFooter(
            await WriteSectionAsync(index, cancellationToken).ConfigureAwait(false),
            filter,
            _rowCount,
            _entries.Count,
            _isExact,
            _rowWriter is not null);
        await _output.WriteAsync(footer.ToBytes(), cancellationToken).ConfigureAwait(false);
        await _output.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private bool IsFull => _keys.SizeBytes + _rows.WrittenCount + ((long)_ends.Count * sizeof(uint)) >= BlockBytes;

    private int FillBlock(
        EncodedKeys keys, ColumnVector[] columns, FixedVector<long> sequences, FixedVector<RowKind> kinds, int row)
    {
        while (row < keys.Count && !IsFull)
        {
            _keys.Add(keys, row);
            _filter?.Add(KeyHash.Of(keys, row));
            if (_rowWriter is not null)
            {
                var bytes = _rowWriter.Write(columns, row);
                var target = _rows.GetSpan(sizeof(long) + bytes.Length);
                BinaryPrimitives.WriteInt64LittleEndian(target, sequences.Values[row]);
                bytes.CopyTo(target[sizeof(long)..]);
                target[sizeof(long)] = (byte)kinds.Values[row];
                _rows.Advance(sizeof(long) + bytes.Length);
                _ends.Add((uint)_rows.WrittenCount);
            }

            row++;
        }

        return row;
    }

    private async ValueTask WriteBlockAsync(CancellationToken cancellationToken)
    {
        var rawBytes = AssembleBlock();
        var stored = new ReadOnlyMemory<byte>(_raw, 0, rawBytes);
        var most = _options.Codec.MaxCompressedLength(rawBytes);
        if (_compressed.Length < most)
        {
            _compressed = new byte[most];
        }

        // Less than an eighth saved is not worth the time that every read of the block would take.
        var compressed = _options.Codec.Compress(stored.Span, _compressed);
        if (compressed < rawBytes - (rawBytes / 8))
        {
            stored = new ReadOnlyMemory<byte>(_compressed, 0, compressed);
        }

        _index.AddLastOf(_keys);
        var section = await WriteSectionAsync(stored, cancellationToken).ConfigureAwait(false);
        _entries.Add(new LookupIndexEntry(section, rawBytes, _rowCount));
        _rowCount += _keys.Count;
        _keys.Clear();
        _ends.Clear();
        _rows.ResetWrittenCount();
    }

    private int AssembleBlock()
    {
        var keyBytes = _keys.SizeBytes;
        var size = LookupBlock.HeaderBytes + keyBytes + ((long)_ends.Count * sizeof(uint)) + _rows.WrittenCount;
        if (size > Array.MaxLength / 2)
        {
            PaimonException.ThrowInvalid($"{_output.Path}: a row of {size} bytes is too large to be looked up; at most 1 GiB is.");
        }

        if (_raw.Length < size)
        {
            _raw = new byte[Math.Max(2 * BlockBytes, (int)size)];
        }

        var target = _raw.AsSpan(0, (int)size);
        BinaryPrimitives.WriteInt32LittleEndian(target, _keys.Count);
        BinaryPrimitives.WriteInt32LittleEndian(target[4..], (int)keyBytes);
        target = target[LookupBlock.HeaderBytes..];
        _keys.Write(target);
        target = target[(int)keyBytes..];
        foreach (var end in _ends)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(target, end);
            target = target[sizeof(uint)..];
        }

        _rows.WrittenSpan.CopyTo(target);
        return (int)size;
    }

    private async ValueTask<LookupSection> WriteSectionAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var section = new LookupSection(_output.Position, bytes.Length, XxHash64.Compute(bytes.Span));
        await _output.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        return section;
    }
}
