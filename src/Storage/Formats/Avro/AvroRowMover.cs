using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>
/// Moves rows between Avro records and columns. On reading, fields are found by name: those not wanted are passed over, those
/// that the file lacks read as NULL. Immutable; safe for several threads.
/// </summary>
internal sealed class AvroRowMover
{
    private readonly AvroRecord? _record;
    private readonly int[] _ordinals;
    private readonly int[] _missing;
    private readonly AvroColumn[] _columns;

    /// <summary>Makes a mover.</summary>
    /// <param name="type">The columns.</param>
    /// <param name="record">The records of the file that is read; null for a file that is written.</param>
    public AvroRowMover(RowType type, AvroRecord? record)
    {
        _record = record;
        var names = type.Fields.Select(field => field.Name).ToArray();
        _ordinals = record?.Bind(names) ?? [];
        _columns = new AvroColumn[names.Length];
        var missing = new List<int>();
        for (var i = 0; i < names.Length; i++)
        {
            var index = Array.IndexOf(_ordinals, i);
            if (record is not null && index < 0)
            {
                missing.Add(i);
                if (!type.Fields[i].Type.IsNullable)
                {
                    throw new CorruptDataException(
                        $"An Avro file has no column '{names[i]}', which is {type.Fields[i].Type}.");
                }
            }

            _columns[i] = AvroColumn.Create(type.Fields[i].Type, index < 0 ? null : record!.Fields[index].Schema);
        }

        _missing = [.. missing];
    }

    /// <summary>Reads a record and appends its fields.</summary>
    public void Read(ref AvroDecoder decoder, IReadOnlyList<ColumnVector> target)
    {
        for (var i = 0; i < _ordinals.Length; i++)
        {
            var ordinal = _ordinals[i];
            if (ordinal < 0)
            {
                decoder.Skip(_record!.Fields[i].Schema);
            }
            else
            {
                _columns[ordinal].Read(ref decoder, target[ordinal]);
            }
        }

        foreach (var index in _missing)
        {
            target[index].AppendNull();
        }
    }

    /// <summary>Writes a row.</summary>
    public void Write(AvroEncoder encoder, IReadOnlyList<ColumnVector> source, int row)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            _columns[i].Write(encoder, source[i], row);
        }
    }
}
