using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Vectors;

/// <summary>TIMESTAMP columns of every precision seen as <see cref="NanoTimestamp"/>, for callers that are not in a hot loop.</summary>
public static class TimestampColumn
{
    /// <summary>The time of a row.</summary>
    /// <param name="column">A column of TIMESTAMP, with or without local time zone.</param>
    /// <param name="row">A row that is not NULL.</param>
    public static NanoTimestamp Get(ColumnVector column, int row)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column switch
        {
            FixedVector<NanoTimestamp> nanos => nanos.Values[row],
            FixedVector<long> { Type: TemporalType { Precision: <= 3 } } millis => new NanoTimestamp(millis.Values[row], 0),
            FixedVector<long> { Type: TemporalType } micros => NanoTimestamp.FromMicros(micros.Values[row]),
            _ => throw new ArgumentException($"{column.Type} is no timestamp.", nameof(column)),
        };
    }

    /// <summary>Appends a time; digits that the column's representation does not hold are cut.</summary>
    /// <param name="column">A column of TIMESTAMP, with or without local time zone.</param>
    /// <param name="value">The time.</param>
    /// <exception cref="PaimonException">Invalid: 64 bits of microseconds cannot hold the time.</exception>
    public static void Append(ColumnVector column, NanoTimestamp value)
    {
        ArgumentNullException.ThrowIfNull(column);
        switch (column)
        {
            case FixedVector<NanoTimestamp> nanos:
                nanos.Append(value);
                break;
            case FixedVector<long> { Type: TemporalType { Precision: <= 3 } } millis:
                millis.Append(value.EpochMillis);
                break;
            case FixedVector<long> { Type: TemporalType } micros:
                if (!value.TryToMicros(out var epochMicros))
                {
                    PaimonException.ThrowInvalid($"{value.EpochMillis} ms is outside the range of {column.Type}.");
                }

                micros.Append(epochMicros);
                break;
            default:
                throw new ArgumentException($"{column.Type} is no timestamp.", nameof(column));
        }
    }
}
