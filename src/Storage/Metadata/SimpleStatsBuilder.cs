using System.Buffers;
using System.Text;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Turns the statistics of a file's columns into the form that manifests hold: cut to their mode, and dense when asked.
/// For one thread.
/// </summary>
internal static class SimpleStatsBuilder
{
    /// <summary>Statistics of all columns.</summary>
    /// <param name="type">The columns.</param>
    /// <param name="columns">One a column, as the file's writer gave them.</param>
    /// <param name="modeOf">What is kept of the column at a position.</param>
    public static SimpleStats Build(RowType type, IReadOnlyList<ColumnStatistics> columns, Func<int, StatsMode> modeOf)
    {
        var kept = Reduce(columns, modeOf);
        return Build(type, kept, Enumerable.Range(0, kept.Length).ToArray());
    }

    /// <summary>
    /// Statistics of the columns that have some: those of which nothing is known are left out, and the names of the others say
    /// so.
    /// </summary>
    /// <returns>The statistics, and their columns' names; null when no column was left out.</returns>
    public static (SimpleStats Stats, IReadOnlyList<string>? Columns) BuildDense(
        RowType type, IReadOnlyList<ColumnStatistics> columns, Func<int, StatsMode> modeOf)
    {
        var kept = Reduce(columns, modeOf);
        var known = Enumerable.Range(0, kept.Length)
            .Where(i => kept[i].NullCount is not null || kept[i].Min is not null || kept[i].Max is not null)
            .ToArray();
        return known.Length == kept.Length
            ? (Build(type, kept, known), null)
            : (Build(type, kept, known), [.. known.Select(i => type.Fields[i].Name)]);
    }

    private static ColumnStatistics[] Reduce(IReadOnlyList<ColumnStatistics> columns, Func<int, StatsMode> modeOf)
    {
        var reduced = new ColumnStatistics[columns.Count];
        for (var i = 0; i < reduced.Length; i++)
        {
            reduced[i] = Reduce(columns[i], modeOf(i));
        }

        return reduced;
    }

    private static ColumnStatistics Reduce(ColumnStatistics column, StatsMode mode)
    {
        var nullCount = mode.Counts ? column.NullCount : null;
        if (!mode.Bounds || column.Min is null || column.Max is null)
        {
            return new ColumnStatistics(nullCount, null, null);
        }

        if (mode.Length is not { } length || column.Min is not BinaryVector min || column.Max is not BinaryVector max)
        {
            return new ColumnStatistics(nullCount, column.Min, column.Max);
        }

        var isText = min.Type.Root is TypeRoot.Char or TypeRoot.VarChar;
        var lower = isText ? CutText(min[0], length) : min[0][..Math.Min(length, min[0].Length)];
        var upper = isText ? CutText(max[0], length) : max[0][..Math.Min(length, max[0].Length)];
        if (upper.Length == max[0].Length)
        {
            return new ColumnStatistics(nullCount, OneRow(min.Type, lower), max);
        }

        // A cut upper bound is raised to stay one; where it cannot be, the column has no bounds.
        var raised = isText ? RaiseText(upper) : RaiseBytes(upper);
        return raised is null
            ? new ColumnStatistics(nullCount, null, null)
            : new ColumnStatistics(nullCount, OneRow(min.Type, lower), OneRow(max.Type, raised));
    }

    private static SimpleStats Build(RowType type, ColumnStatistics[] columns, int[] indexes)
    {
        if (indexes.Length == 0)
        {
            return SimpleStats.Empty;
        }

        var rowType = new RowType([.. indexes.Select(i => type.Fields[i] with { Type = type.Fields[i].Type.Nullable() })]);
        var writer = new BinaryRowWriter(rowType);
        var row = new ColumnVector[indexes.Length];
        BinaryRowBytes Bounds(Func<ColumnStatistics, ColumnVector?> bound)
        {
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = bound(columns[indexes[i]]) ?? NullRow(rowType.Fields[i].Type);
            }

            return BinaryRowBytes.FromSerialized(writer.WriteSerialized(row, 0));
        }

        return new SimpleStats(
            Bounds(column => column.Min), Bounds(column => column.Max), [.. indexes.Select(i => columns[i].NullCount)]);
    }

    private static ColumnVector NullRow(DataType type)
    {
        var vector = ColumnVector.Create(type);
        vector.AppendNull();
        return vector;
    }

    private static BinaryVector OneRow(DataType type, ReadOnlySpan<byte> value)
    {
        var vector = new BinaryVector(type);
        vector.Append(value);
        return vector;
    }

    private static ReadOnlySpan<byte> CutText(ReadOnlySpan<byte> utf8, int characters)
    {
        var position = 0;
        for (var i = 0; i < characters && position < utf8.Length; i++)
        {
            Rune.DecodeFromUtf8(utf8[position..], out _, out var consumed);
            position += consumed;
        }

        return utf8[..position];
    }

    private static byte[]? RaiseText(ReadOnlySpan<byte> utf8)
    {
        while (utf8.Length > 0)
        {
            var isText = Rune.DecodeLastFromUtf8(utf8, out var last, out var consumed) == OperationStatus.Done;
            utf8 = utf8[..^consumed];

            // Bytes that are no text have no next character, and may be above the one that stands for them.
            var next = last.Value == 0xD7FF ? 0xE000 : last.Value + 1;
            if (isText && Rune.IsValid(next))
            {
                var buffer = new byte[utf8.Length + 4];
                utf8.CopyTo(buffer);
                return buffer[..(utf8.Length + new Rune(next).EncodeToUtf8(buffer.AsSpan(utf8.Length)))];
            }
        }

        return null;
    }

    private static byte[]? RaiseBytes(ReadOnlySpan<byte> bytes)
    {
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            if (bytes[i] != byte.MaxValue)
            {
                var raised = bytes[..(i + 1)].ToArray();
                raised[i]++;
                return raised;
            }
        }

        return null;
    }
}
