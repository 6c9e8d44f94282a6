using System.Globalization;
using System.Text.Json;
using PaimonSharp.Data;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Testing;

namespace PaimonSharp.CaseRunner;

/// <summary>Rows of cases as batches: those written down, and those drawn from a seeded generator.</summary>
internal static class RowGenerator
{
    /// <summary>Rows <c>[kind, v1, v2, ...]</c>.</summary>
    public static ColumnBatch Read(JsonElement rows, RowType rowType)
    {
        var batch = new ColumnBatch(rowType, withKinds: true);
        foreach (var row in rows.EnumerateArray())
        {
            if (!RowKinds.TryParseShortText(row[0].GetString(), out var kind))
            {
                throw new FormatException($"{row[0]} is no row kind.");
            }

            for (var i = 0; i < batch.Columns.Count; i++)
            {
                GoldenValues.Append(batch.Columns[i], row[i + 1]);
            }

            batch.Kinds!.Append(kind);
            batch.EndRows(1);
        }

        return batch;
    }

    /// <summary>The rows of a <c>writeGenerated</c> step.</summary>
    public static ColumnBatch Generate(JsonElement step, RowType rowType)
    {
        var batch = new ColumnBatch(rowType, withKinds: true);
        var state = (ulong)step.GetProperty("seed").GetInt64();
        var deleteEvery = Number(step, "deleteEvery");
        var columns = step.GetProperty("columns").EnumerateArray().Select(ColumnRule.Of).ToArray();
        for (var row = 0; row < step.GetProperty("count").GetInt32(); row++)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                ValueAppender.Append(batch.Columns[i], columns[i].Value(Draw(ref state), row));
            }

            var isDelete = deleteEvery is { } every && Draw(ref state) % every == 0;
            batch.Kinds!.Append(isDelete ? RowKind.Delete : RowKind.Insert);
            batch.EndRows(1);
        }

        return batch;
    }

    private static long Draw(ref ulong state)
    {
        state = unchecked((state * 6364136223846793005UL) + 1442695040888963407UL);
        return (long)(state >> 33);
    }

    private static long? Number(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) ? value.GetInt64() : null;

    private sealed record ColumnRule(long? NullEvery, long? Counter, long Add, long Mod, string? Prefix)
    {
        public static ColumnRule Of(JsonElement json) => new(
            Number(json, "nullEvery"),
            Number(json, "counter"),
            Number(json, "add") ?? 0,
            Number(json, "mod") ?? 1,
            json.TryGetProperty("prefix", out var prefix) ? prefix.GetString() : null);

        public object? Value(long draw, int row)
        {
            if (NullEvery is { } every && draw % every == 0)
            {
                return null;
            }

            if (Counter is { } counter)
            {
                return counter + row;
            }

            var value = Add + (draw % Mod);
            return Prefix is null ? value : Prefix + value.ToString(CultureInfo.InvariantCulture);
        }
    }
}
