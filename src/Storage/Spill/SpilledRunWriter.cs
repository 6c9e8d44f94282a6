using System.Buffers;
using System.Runtime.InteropServices;
using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Spill;

/// <summary>
/// Writes a run block by block. The section of a block's keys begins with the rows that have lost a value: an int for how many,
/// then their numbers; kinds, sequence numbers and columns (<see cref="ColumnBytes"/>) follow. One thread.
/// </summary>
/// <param name="file">The file, to which nothing else is written meanwhile.</param>
internal sealed class SpilledRunWriter(SpillFile file)
{
    private readonly List<SpillBlock> _blocks = [];
    private readonly ArrayBufferWriter<byte> _bytes = new(64 << 10);
    private long _minSequence = long.MaxValue;
    private long _maxSequence = long.MinValue;

    /// <summary>Appends a block.</summary>
    /// <param name="rows">Its rows, behind those before in key order, all rows of their keys.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Unavailable: the local disk is full or fails.</exception>
    public async ValueTask WriteAsync(SpillRows rows, CancellationToken cancellationToken)
    {
        _bytes.ResetWrittenCount();
        WriteKeys(rows);
        var keys = await file.WriteAsync(_bytes.WrittenMemory, cancellationToken).ConfigureAwait(false);
        _bytes.ResetWrittenCount();
        foreach (var column in rows.ValueColumns)
        {
            ColumnBytes.Write(column, _bytes);
        }

        var values = await file.WriteAsync(_bytes.WrittenMemory, cancellationToken).ConfigureAwait(false);
        _blocks.Add(new SpillBlock(keys, values, rows.Count));
        foreach (var sequence in rows.Sequences.Values)
        {
            _minSequence = Math.Min(_minSequence, sequence);
            _maxSequence = Math.Max(_maxSequence, sequence);
        }
    }

    /// <summary>Ends the run.</summary>
    public SpilledRun Finish() => new(file, _blocks) { MinSequence = _minSequence, MaxSequence = _maxSequence };

    /// <summary>Reads the first part of a block.</summary>
    /// <param name="source">The section of its keys.</param>
    /// <param name="rows">Where to; empty.</param>
    /// <param name="rowCount">Its rows.</param>
    public static void ReadKeys(ReadOnlySpan<byte> source, SpillRows rows, int rowCount)
    {
        var lost = MemoryMarshal.Read<int>(ColumnBytes.Take(ref source, sizeof(int)));
        foreach (var row in MemoryMarshal.Cast<byte, int>(ColumnBytes.Take(ref source, lost * (long)sizeof(int))))
        {
            rows.LostRows.Add(row);
        }

        var kinds = ColumnBytes.Take(ref source, rowCount);
        if (kinds.ContainsAnyExceptInRange((byte)RowKind.Insert, (byte)RowKind.Delete))
        {
            CorruptDataException.Throw("A spilled row has no row kind.");
        }

        kinds.CopyTo(MemoryMarshal.AsBytes(rows.Kinds.AppendUninitialized(rowCount)));
        ColumnBytes.Take(ref source, rowCount * (long)sizeof(long))
            .CopyTo(MemoryMarshal.AsBytes(rows.Sequences.AppendUninitialized(rowCount)));
        ReadColumns(source, rows.KeyColumns, rowCount);
    }

    /// <summary>Reads the second part of a block.</summary>
    /// <param name="source">The section of its values.</param>
    /// <param name="rows">Where to.</param>
    /// <param name="rowCount">Its rows.</param>
    public static void ReadValues(ReadOnlySpan<byte> source, SpillRows rows, int rowCount) =>
        ReadColumns(source, rows.ValueColumns, rowCount);

    private static void ReadColumns(ReadOnlySpan<byte> source, ColumnVector[] columns, int rowCount)
    {
        foreach (var column in columns)
        {
            ColumnBytes.Read(ref source, column, rowCount);
        }

        if (!source.IsEmpty)
        {
            CorruptDataException.Throw($"A spilled section has {source.Length} bytes more than its columns.");
        }
    }

    private void WriteKeys(SpillRows rows)
    {
        var lost = rows.LostRows.Count == 0 ? [] : rows.LostRows.ToArray();
        var count = lost.Length;
        _bytes.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in count)));
        _bytes.Write(MemoryMarshal.AsBytes<int>(lost));
        _bytes.Write(MemoryMarshal.AsBytes(rows.Kinds.Values));
        _bytes.Write(MemoryMarshal.AsBytes(rows.Sequences.Values));
        foreach (var column in rows.KeyColumns)
        {
            ColumnBytes.Write(column, _bytes);
        }
    }
}
