using System.Globalization;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// Partitions chosen by the values of some partition columns, given as texts. The text of <c>partition.default-name</c> stands
/// for NULL. Immutable; safe for several threads.
/// </summary>
internal sealed class PartitionFilter
{
    private static readonly int EpochDay = new DateOnly(1970, 1, 1).DayNumber;

    private readonly RowType _partitionType;
    private readonly List<(int Column, byte[] Value)> _values = [];

    /// <summary>Chooses partitions.</summary>
    /// <param name="schema">The table.</param>
    /// <param name="defaultName">Option <c>partition.default-name</c>.</param>
    /// <param name="values">The texts of some partition columns by name; none chooses all partitions.</param>
    /// <exception cref="PaimonException">Invalid: a column that is none of the partition's, or a text that is no value.</exception>
    public PartitionFilter(TableSchema schema, string defaultName, IReadOnlyDictionary<string, string> values)
    {
        _partitionType = schema.PartitionType;
        foreach (var (name, text) in values)
        {
            var index = schema.PartitionKeys.ToList().IndexOf(name);
            if (index < 0)
            {
                PaimonException.ThrowInvalid(
                    $"'{name}' is no partition column of the table; "
                    + (schema.PartitionKeys.Count == 0 ? "it has none." : $"those are ({string.Join(", ", schema.PartitionKeys)})."));
            }

            var column = ColumnVector.Create(_partitionType.Fields[index].Type.Nullable());
            Append(column, text == defaultName ? null : text);
            _values.Add((index, Encode(column)));
        }
    }

    /// <summary>The partition of values for all partition columns.</summary>
    /// <param name="schema">The table.</param>
    /// <param name="defaultName">Option <c>partition.default-name</c>.</param>
    /// <param name="values">A text for every partition column by name.</param>
    /// <exception cref="PaimonException">Invalid: a column is missing or none of the partition's, or a text is no value.</exception>
    public static BinaryRowBytes Parse(
        TableSchema schema, string defaultName, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count != schema.PartitionKeys.Count || !schema.PartitionKeys.All(values.ContainsKey))
        {
            PaimonException.ThrowInvalid(
                $"A partition of the table has values for ({string.Join(", ", schema.PartitionKeys)}); given are those for"
                + $" ({string.Join(", ", values.Keys)}).");
        }

        if (values.Count == 0)
        {
            return BinaryRowBytes.Empty;
        }

        var columns = new ColumnVector[values.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = ColumnVector.Create(schema.PartitionType.Fields[i].Type.Nullable());
            var text = values[schema.PartitionKeys[i]];
            Append(columns[i], text == defaultName ? null : text);
        }

        return BinaryRowBytes.FromRow(columns.Length, new BinaryRowWriter(schema.PartitionType).Write(columns, 0));
    }

    /// <summary>True when a partition is chosen.</summary>
    public bool Contains(BinaryRowBytes partition)
    {
        if (_values.Count == 0)
        {
            return true;
        }

        var columns = BinaryRows.Read(_partitionType, partition);
        return _values.TrueForAll(value => Encode(columns[value.Column]).AsSpan().SequenceEqual(value.Value));
    }

    // The folder of a DATE shows its day number, which is taken as well, as in Paimon.
    private static void Append(ColumnVector column, string? text)
    {
        if (column.Type.Root == TypeRoot.Date
            && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var day)
            && day >= -EpochDay && day <= DateOnly.MaxValue.DayNumber - EpochDay)
        {
            ValueAppender.Append(column, DateOnly.FromDayNumber(day + EpochDay));
        }
        else
        {
            ValueAppender.Append(column, text);
        }
    }

    private static byte[] Encode(ColumnVector column) =>
        new BinaryRowWriter(new RowType([new DataField(0, "value", column.Type)])).Write([column], 0).ToArray();
}
