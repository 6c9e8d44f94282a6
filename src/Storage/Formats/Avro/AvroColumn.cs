using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>
/// Moves the values of one column between Avro and a vector. Made once per column of a file; one call a value, no allocation.
/// Immutable; safe for several threads, each with vectors of its own.
/// </summary>
internal abstract class AvroColumn
{
    private readonly AvroUnion? _union;
    private readonly bool _nullable;

    private protected AvroColumn(DataType type, AvroSchema? schema)
    {
        Type = type;
        _union = schema as AvroUnion;
        _nullable = type.IsNullable;
    }

    private protected DataType Type { get; }

    /// <summary>Makes the mover for a column.</summary>
    /// <param name="type">The column's type.</param>
    /// <param name="schema">The schema of its values in a file that is read; null for one that is written.</param>
    public static AvroColumn Create(DataType type, AvroSchema? schema) => AvroColumns.Create(type, schema);

    /// <summary>Reads a value and appends it.</summary>
    public void Read(ref AvroDecoder decoder, ColumnVector target)
    {
        if (_union is not null && decoder.ReadBranch(_union).Kind == AvroKind.Null)
        {
            if (!_nullable)
            {
                CorruptDataException.Throw($"Avro: NULL stands in a column of type {Type}.", decoder.Position);
            }

            target.AppendNull();
            return;
        }

        ReadValue(ref decoder, target);
    }

    /// <summary>Writes a row of a vector.</summary>
    public void Write(AvroEncoder encoder, ColumnVector source, int row)
    {
        if (_nullable)
        {
            if (!encoder.WriteBranch(!source.IsNull(row)))
            {
                return;
            }
        }
        else if (source.IsNull(row))
        {
            PaimonException.ThrowInvalid(
                $"NULL cannot be written to a column of type {Type}. Where rows are merged, one that is taken back leaves NULL: the "
                + "column has to be nullable, or its aggregator told to ignore retractions.");
        }

        WriteValue(encoder, source, row);
    }

    private protected abstract void ReadValue(ref AvroDecoder decoder, ColumnVector target);

    private protected abstract void WriteValue(AvroEncoder encoder, ColumnVector source, int row);
}
