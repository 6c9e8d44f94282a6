using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Casts;

/// <summary>
/// Another precision or the other zone form. To fewer digits the milliseconds are cut towards 1970, except where the fraction
/// of a second, as a number of nanoseconds, has no more digits than the new precision: it stays as far as the column holds it.
/// </summary>
internal sealed class TimestampToTimestampCast(TemporalType source, TemporalType type, LocalZone zone) : RowCast<ColumnVector>
{
    private static readonly int[] PowersOfTen = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

    private protected override void AppendRow(ColumnVector values, int row, ColumnVector target)
    {
        var value = TimestampColumn.Get(values, row);
        if (source.Root != type.Root)
        {
            value = type.Root == TypeRoot.TimestampLtz ? zone.ToInstant(value) : zone.ToLocal(value);
        }

        TimestampColumn.Append(target, source.Precision <= type.Precision ? value : Cut(value));
    }

    private NanoTimestamp Cut(NanoTimestamp value)
    {
        var millisOfSecond = ((value.EpochMillis % 1000) + 1000) % 1000;
        if ((millisOfSecond * 1_000_000) + value.NanoOfMilli < PowersOfTen[type.Precision])
        {
            return value;
        }

        if (type.Precision <= 3)
        {
            var unit = PowersOfTen[3 - type.Precision];
            return new NanoTimestamp(value.EpochMillis / unit * unit, 0);
        }

        var nanos = PowersOfTen[9 - type.Precision];
        return value with { NanoOfMilli = value.NanoOfMilli / nanos * nanos };
    }
}

/// <summary>The day of a time: of a clock reading cut towards 1970, of an instant the day that the zone shows.</summary>
internal sealed class TimestampToDateCast(DataType source, LocalZone zone) : RowCast<ColumnVector>
{
    private protected override void AppendRow(ColumnVector values, int row, ColumnVector target)
    {
        var value = TimestampColumn.Get(values, row);
        ((FixedVector<int>)target).Append(unchecked((int)(source.Root == TypeRoot.Timestamp
            ? value.EpochMillis / TemporalText.MillisPerDay
            : Math.Floor((decimal)zone.ToLocal(value).EpochMillis / TemporalText.MillisPerDay))));
    }
}

/// <summary>The time of day, below zero for clock readings before 1970.</summary>
internal sealed class TimestampToTimeCast(DataType source, LocalZone zone) : RowCast<ColumnVector>
{
    private protected override void AppendRow(ColumnVector values, int row, ColumnVector target)
    {
        var value = TimestampColumn.Get(values, row);
        var millis = (source.Root == TypeRoot.Timestamp ? value : zone.ToLocal(value)).EpochMillis % TemporalText.MillisPerDay;
        millis = source.Root == TypeRoot.TimestampLtz && millis < 0 ? millis + TemporalText.MillisPerDay : millis;
        ((FixedVector<int>)target).Append((int)millis);
    }
}

/// <summary>Seconds since 1970, cut towards it.</summary>
internal sealed class TimestampToSecondsCast : RowCast<ColumnVector>
{
    private protected override void AppendRow(ColumnVector values, int row, ColumnVector target) =>
        NumberColumn.AppendWrapped(target, TimestampColumn.Get(values, row).EpochMillis / 1000);
}

/// <summary>Seconds since 1970; the local-zone form takes the zone's clock reading at that instant.</summary>
internal sealed class SecondsToTimestampCast(TemporalType type, LocalZone zone) : RowCast<ColumnVector>
{
    private protected override void AppendRow(ColumnVector values, int row, ColumnVector target)
    {
        var value = new NanoTimestamp(unchecked(NumberColumn.Integer(values, row) * 1000), 0);
        TimestampColumn.Append(target, type.Root == TypeRoot.Timestamp ? value : zone.ToLocal(value));
    }
}

/// <summary>A day's midnight, or a time of day of 1970-01-01.</summary>
internal sealed class DayOrTimeToTimestampCast(DataType source, TemporalType type, LocalZone zone) : RowCast<ColumnVector>
{
    private protected override void AppendRow(ColumnVector values, int row, ColumnVector target)
    {
        var units = ((FixedVector<int>)values).Values[row];
        if (source.Root == TypeRoot.Time)
        {
            TimestampColumn.Append(target, new NanoTimestamp(units, 0));
            return;
        }

        var midnight = new NanoTimestamp((long)units * TemporalText.MillisPerDay, 0);
        TimestampColumn.Append(target, type.Root == TypeRoot.Timestamp ? midnight : zone.ToInstant(midnight));
    }
}
