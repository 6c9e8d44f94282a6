using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary>Collects the rows of a system table. One thread.</summary>
/// <param name="rowType">The columns.</param>
/// <param name="zone">The zone that times are shown in, as Paimon shows them in its own.</param>
internal sealed class SystemRows(RowType rowType, TimeZoneInfo zone)
{
    /// <summary>The rows.</summary>
    public ColumnBatch Batch { get; } = new(rowType);

    /// <summary>Adds a row.</summary>
    /// <param name="values">A value for each column, null for NULL; see <see cref="ValueAppender"/>.</param>
    public void Add(params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            ValueAppender.Append(Batch.Columns[i], values[i]);
        }

        Batch.EndRows(1);
    }

    /// <summary>A moment as the clock on the wall shows it.</summary>
    /// <param name="epochMillis">Milliseconds since 1970-01-01 UTC, null for none.</param>
    public object? LocalTime(long? epochMillis)
    {
        if (epochMillis is not { } millis)
        {
            return null;
        }

        var offset = zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(millis));
        return new NanoTimestamp(millis + (long)offset.TotalMilliseconds, 0);
    }
}
