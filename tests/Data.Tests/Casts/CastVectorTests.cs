using System.Text.Json;
using PaimonSharp.Data.Casts;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Testing;

namespace PaimonSharp.Data.Tests.Casts;

public class CastVectorTests
{
    [Fact]
    public void Every_cast_has_the_result_or_the_error_that_it_has_in_Paimon()
    {
        var wrong = new List<string>();
        var (results, errors, refused) = (0, 0, 0);
        foreach (var line in GoldenVectors.Read("casts.jsonl"))
        {
            var from = DataTypeJson.Read(line.GetProperty("from"));
            var to = DataTypeJson.Read(line.GetProperty("to"));
            Check(line, "implicitlyAllowed", CastRules.IsAllowed(from, to, allowExplicit: false));
            Check(line, "explicitlyAllowed", CastRules.IsAllowed(from, to, allowExplicit: true));
            var cast = ColumnCast.Find(from, to);
            Check(line, "executor", cast is not null);
            if (cast is null || !line.GetProperty("executor").GetBoolean())
            {
                refused++;
                continue;
            }

            var isError = line.TryGetProperty("error", out _);
            var (found, error) = Run(cast, from, to, line.GetProperty("value"));
            if (isError ? error is null : error is not null || found != Expected(line.GetProperty("result"), to))
            {
                wrong.Add($"{line.GetRawText()}: {found ?? error}");
            }

            results += isError ? 0 : 1;
            errors += isError ? 1 : 0;
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Prepend($"{wrong.Count} differ")));
        Assert.True(results > 700 && errors > 300 && refused > 300, $"{results} results, {errors} errors, {refused} without a cast");

        void Check(JsonElement line, string member, bool found)
        {
            if (line.GetProperty(member).GetBoolean() != found)
            {
                wrong.Add($"{line.GetRawText()}: {member} is {found}");
            }
        }
    }

    private static (string? Json, string? Error) Run(ColumnCast cast, DataType from, DataType to, JsonElement value)
    {
        var source = ColumnVector.Create(from);
        source.AppendNull();
        GoldenValues.Append(source, value);
        source.AppendNull();
        var target = ColumnVector.Create(to);
        try
        {
            cast.Append(source, target);
        }
        catch (PaimonException e) when (e.Kind == ErrorKind.Invalid)
        {
            return (null, e.Message);
        }

        Assert.Equal(3, target.Length);
        Assert.True(target.IsNull(0) && target.IsNull(2));
        return (Json(target, 1), null);
    }

    // The expectation in the column's own form: no digits of a second beyond those that the type stands for.
    private static string Expected(JsonElement result, DataType to)
    {
        var column = ColumnVector.Create(to);
        if (to is TemporalType { Root: not TypeRoot.Time } && result.GetString() is { } time)
        {
            Assert.True(TemporalText.TryParseTimestamp(time, out var value));
            TimestampColumn.Append(column, value);
        }
        else if (to.Root == TypeRoot.Time && result.GetString()!.Split(".-") is [var seconds, var millis])
        {
            Assert.Equal("00:00:00", seconds);
            ((FixedVector<int>)column).Append(-int.Parse(millis));
        }
        else
        {
            GoldenValues.Append(column, result);
        }

        return Json(column, 0);
    }

    private static string Json(ColumnVector column, int row)
    {
        if (column is FixedVector<int> { Type.Root: TypeRoot.Time } times)
        {
            return column.IsNull(row) ? "null" : $"{times.Values[row]} ms";
        }

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonValueWriter.LineOptions))
        {
            JsonValueWriter.Write(writer, column, row);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
