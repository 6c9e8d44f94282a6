using System.Text;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Tests;

/// <summary>Runs merge engines on versions given as objects.</summary>
internal static class MergeKit
{
    /// <summary>A table's schema with the column <c>k</c> as its key and others named and typed.</summary>
    public static TableSchema Schema(IReadOnlyDictionary<string, string> options, params (string Name, DataType Type)[] columns) => new(
        0,
        [
            new DataField(0, "k", DataTypes.Int.NotNull()),
            .. columns.Select((column, i) => new DataField(i + 1, column.Name, column.Type)),
        ],
        columns.Length,
        [],
        ["k"],
        options,
        null,
        0);

    /// <summary>The engine of a schema's options.</summary>
    public static MergeEngine Engine(TableSchema schema) => MergeEngine.Create(schema, new TableOptions(schema.Options));

    /// <summary>Merges keys: the versions of each are laid into sources at random, results are gathered in random ranges.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="columns">The columns of the versions.</param>
    /// <param name="keys">The versions of each key, oldest first.</param>
    /// <param name="random">Chooses.</param>
    /// <param name="dropRetracts">See <see cref="MergeInput.DropRetracts"/>.</param>
    /// <param name="foldsLone">See <see cref="MergeInput.FoldsLone"/>.</param>
    /// <param name="hadMore">For each key whether versions were left out of it; null for none. See <see cref="MergeInput.Whole"/>.</param>
    public static List<RowVersion> Merge(
        MergeEngine engine,
        RowType columns,
        IReadOnlyList<IReadOnlyList<RowVersion>> keys,
        Random random,
        bool dropRetracts = false,
        bool foldsLone = false,
        bool[]? hadMore = null)
    {
        var sources = Enumerable.Range(0, random.Next(1, 5)).Select(_ => new ColumnBatch(columns, withKinds: true)).ToArray();
        var plan = new MergePlan();
        foreach (var versions in keys)
        {
            for (var i = 0; i < versions.Count; i++)
            {
                var source = random.Next(sources.Length);
                var row = new RowReference(source, sources[source].RowCount);
                Append(sources[source], versions[i]);
                if (i == 0)
                {
                    plan.BeginGroup(row);
                }
                else
                {
                    plan.Add(row);
                }
            }
        }

        var merge = engine.Bind(columns);
        var whole = hadMore is null ? null : new MergePlan();
        for (var group = 0; group < plan.GroupCount && whole is not null; group++)
        {
            // It is only counted there: which versions were left out says nothing.
            whole.BeginGroup(plan[group][0]);
            for (var i = hadMore![group] ? 0 : 1; i < plan[group].Length; i++)
            {
                whole.Add(plan[group][i]);
            }
        }

        merge.Merge(new MergeInput
        {
            Plan = plan,
            Kinds = [.. sources.Select(source => source.Kinds!)],
            Columns = [.. Enumerable.Range(0, columns.Fields.Count).Select(i => sources.Select(source => source.Columns[i]).ToArray())],
            DropRetracts = dropRetracts,
            FoldsLone = foldsLone,
            Whole = whole,
        });
        return Gather(merge, columns, random);
    }

    /// <summary>Appends a version to a batch.</summary>
    public static void Append(ColumnBatch batch, RowVersion version)
    {
        for (var i = 0; i < version.Values.Length; i++)
        {
            Append(batch.Columns[i], version.Values[i]);
        }

        batch.Kinds?.Append(version.Kind);
        batch.EndRows(1);
    }

    private static List<RowVersion> Gather(BoundMerge merge, RowType columns, Random random)
    {
        var results = new List<RowVersion>();
        for (var start = 0; start < merge.Result.Count;)
        {
            var count = random.Next(1, merge.Result.Count - start + 1);
            var batch = columns.Fields.Select(field => ColumnVector.Create(field.Type)).ToArray();
            for (var column = 0; column < batch.Length; column++)
            {
                merge.Gather(column, start, count, batch[column]);
            }

            for (var row = 0; row < count; row++)
            {
                results.Add(new RowVersion(merge.Result.Kinds[start + row], [.. batch.Select(column => ValueOf(column, row))]));
            }

            start += count;
        }

        return results;
    }

    /// <summary>Appends a value: a number, a text, bytes, an array of the fields of a ROW, or a list of elements or entries.</summary>
    public static void Append(ColumnVector column, object? value)
    {
        switch (column, value)
        {
            case (_, null):
                column.AppendNull();
                break;
            case (FixedVector<int> vector, int number):
                vector.Append(number);
                break;
            case (FixedVector<long> vector, long number):
                vector.Append(number);
                break;
            case (FixedVector<sbyte> vector, sbyte number):
                vector.Append(number);
                break;
            case (FixedVector<double> vector, double number):
                vector.Append(number);
                break;
            case (FixedVector<Int128> vector, Int128 number):
                vector.Append(number);
                break;
            case (BooleanVector vector, bool flag):
                vector.Append(flag);
                break;
            case (FixedVector<short> vector, short number):
                vector.Append(number);
                break;
            case (FixedVector<float> vector, float number):
                vector.Append(number);
                break;
            case (BinaryVector vector, string text):
                vector.Append(text);
                break;
            case (BinaryVector vector, byte[] bytes):
                vector.Append(bytes);
                break;
            case (ListVector vector, List<object?> elements):
                elements.ForEach(element => Append(vector.Elements, element));
                vector.EndRow();
                break;
            case (MapVector vector, List<(object Key, object? Value)> entries):
                entries.ForEach(entry => Append(vector.Keys, entry.Key));
                entries.ForEach(entry => Append(vector.MapValues, entry.Value));
                vector.EndRow();
                break;
            case (StructVector vector, object?[] fields):
                for (var i = 0; i < fields.Length; i++)
                {
                    Append(vector.Children[i], fields[i]);
                }

                vector.EndRow();
                break;
            default:
                throw new ArgumentException($"{column.Type} does not take {value}.", nameof(value));
        }
    }

    /// <summary>A value as <see cref="Append(ColumnVector, object?)"/> takes it.</summary>
    public static object? ValueOf(ColumnVector column, int row) => column.IsNull(row) ? null : column switch
    {
        FixedVector<int> vector => vector.Values[row],
        FixedVector<long> vector => vector.Values[row],
        FixedVector<sbyte> vector => vector.Values[row],
        FixedVector<double> vector => vector.Values[row],
        FixedVector<Int128> vector => vector.Values[row],
        BooleanVector vector => vector[row],
        FixedVector<short> vector => vector.Values[row],
        FixedVector<float> vector => vector.Values[row],
        BinaryVector { Type.Root: TypeRoot.VarBinary or TypeRoot.Binary } vector => vector[row].ToArray(),
        BinaryVector vector => Encoding.UTF8.GetString(vector[row]),
        ListVector vector => Range(vector.Offsets, row).Select(i => ValueOf(vector.Elements, i)).ToList(),
        MapVector vector => Range(vector.Offsets, row).Select(i => (ValueOf(vector.Keys, i)!, ValueOf(vector.MapValues, i))).ToList(),
        StructVector vector => vector.Children.Select(child => ValueOf(child, row)).ToArray(),
        _ => throw new ArgumentException($"{column.Type} is not known.", nameof(column)),
    };

    private static IEnumerable<int> Range(ReadOnlySpan<int> offsets, int row) =>
        Enumerable.Range(offsets[row], offsets[row + 1] - offsets[row]);
}
