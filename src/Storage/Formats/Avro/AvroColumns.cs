using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>The movers of <see cref="AvroColumn"/>, one a type.</summary>
internal static class AvroColumns
{
    private const int WideDecimalBytes = 16;

    public static AvroColumn Create(DataType type, AvroSchema? schema)
    {
        var value = schema?.ValueBranch();
        return type switch
        {
            ArrayType array => new ListColumn(array, schema, Items(type, value)),
            MapType map => MapOf(map, map.Key, map.Value, schema, value),
            MultisetType multiset => MapOf(
                multiset,
                multiset.Element,
                AvroSchemaText.IsText(multiset.Element) ? DataTypes.Int : DataTypes.Int.NotNull(),
                schema,
                value),
            RowType row => new RowColumn(row, schema, value),
            DecimalType => new DecimalColumn(type, Expect(schema, value, type, AvroKind.Bytes, AvroKind.Fixed), value),
            TemporalType { Root: not TypeRoot.Time } => new TimestampColumnMover(
                type, Expect(schema, value, type, AvroKind.Long), value),
            _ => CreateSimple(type, schema, value),
        };
    }

    private static AvroColumn CreateSimple(DataType type, AvroSchema? schema, AvroSchema? value) => type.Root switch
    {
        TypeRoot.Boolean => new BooleanColumn(type, Expect(schema, value, type, AvroKind.Boolean)),
        TypeRoot.TinyInt => new TinyIntColumn(type, Expect(schema, value, type, AvroKind.Int)),
        TypeRoot.SmallInt => new SmallIntColumn(type, Expect(schema, value, type, AvroKind.Int)),
        TypeRoot.Int or TypeRoot.Date or TypeRoot.Time => new IntColumn(type, Expect(schema, value, type, AvroKind.Int)),
        TypeRoot.BigInt => new LongColumn(type, Expect(schema, value, type, AvroKind.Long, AvroKind.Int)),
        TypeRoot.Float => new FloatColumn(type, Expect(schema, value, type, AvroKind.Float)),
        TypeRoot.Double => new DoubleColumn(type, Expect(schema, value, type, AvroKind.Double)),
        TypeRoot.Char or TypeRoot.VarChar or TypeRoot.Binary or TypeRoot.VarBinary => new BytesColumn(
            type, Expect(schema, value, type, AvroKind.String, AvroKind.Bytes)),
        _ => throw new PaimonException(ErrorKind.Unsupported, $"Avro columns of type {type} are not supported."),
    };

    private static AvroSchema? Expect(AvroSchema? schema, AvroSchema? value, DataType type, params ReadOnlySpan<AvroKind> kinds)
    {
        if (value is not null && kinds.IndexOf(value.Kind) < 0)
        {
            throw new CorruptDataException($"An Avro column of type {type} is declared as {value.Describe()}.");
        }

        return schema;
    }

    private static AvroSchema? Items(DataType type, AvroSchema? value) => value switch
    {
        null => null,
        AvroCollection { Kind: AvroKind.Array } array => array.Items,
        _ => throw new CorruptDataException($"An Avro column of type {type} is declared as {value.Describe()}."),
    };

    private static AvroColumn MapOf(DataType type, DataType key, DataType entryValue, AvroSchema? schema, AvroSchema? value)
    {
        if (value is AvroCollection { Kind: AvroKind.Map } map)
        {
            return new TextMapColumn(type, schema, Create(Tolerant(entryValue, map.Items), map.Items));
        }

        if (value is null && AvroSchemaText.IsText(key))
        {
            return new TextMapColumn(type, null, Create(entryValue, null));
        }

        var record = Items(type, value)?.AsRecord($"An entry of {type}");
        if (record is { Fields.Count: not 2 })
        {
            throw new CorruptDataException($"An entry of {type} is declared with {record.Fields.Count} fields; 2 are expected.");
        }

        return new PairMapColumn(
            type,
            schema,
            Create(key, record?.Fields[0].Schema),
            Create(entryValue, record?.Fields[1].Schema));
    }

    /// <summary>Writers differ in whether the counts of a multiset are nullable: the file decides.</summary>
    private static DataType Tolerant(DataType type, AvroSchema schema) => schema is AvroUnion ? type.Nullable() : type;

    private sealed class BooleanColumn(DataType type, AvroSchema? schema) : AvroColumn(type, schema)
    {
        private protected override void ReadValue(ref AvroDecoder decoder, ColumnVector target) =>
            ((BooleanVector)target).Append(decoder.ReadBoolean());

        private protected override void WriteValue(AvroEncoder encoder, ColumnVector source, int row) =>
            encoder.WriteBoolean(((BooleanVector)source)[row]);
    }

    private sealed class TinyIntColumn(DataType type, AvroSchema? schema) : AvroColumn(type, schema)
    {
        private protected override void ReadValue(ref AvroDecoder decoder, ColumnVector target) =>
            ((FixedVector<sbyte>)target).Append((sbyte)CheckRange(decoder.ReadLong(), sbyte.MinValue, sbyte.MaxValue));

        private protected override void WriteValue(AvroEncoder encoder, ColumnVector source, int row) =>
            encoder.WriteLong(((FixedVector<sbyte>)source).Values[row]);
    }

    private sealed class SmallIntColumn(DataType type, AvroSchema? schema) : AvroColumn(type, schema)
    {
        private protected override void ReadValue(ref AvroDecoder decoder, ColumnVector target) =>
            ((FixedVector<short>)target).Append((short)CheckRange(decoder.ReadLong(), short.MinValue, short.MaxValue));

        private protected override void WriteValue(AvroEncoder encoder, ColumnVector source, int row) =>
            encoder.WriteLong(((FixedVector<short>)source).Values[row]);
    }

    private sealed class IntColumn(DataType type, AvroSchema? schema) : AvroColumn(type, schema)
    {
        private protected override void ReadValue(ref AvroDecoder decoder, ColumnVector target) =>
            ((FixedVector<int>)target).Append(decoder.ReadInt());

        private protected override void WriteValue(AvroEncoder encoder, ColumnVector source, int row) =>
            encoder.WriteLong(((FixedVector<int>)source).Values[row]);
    }

    private sealed class LongColumn(DataType type, AvroSchema? schema) : AvroColumn(type, schema)
    {
        private protected override void ReadValue(ref AvroDecoder decoder, ColumnVector target) =>
            ((FixedVector<long>)target).Append(decoder.ReadLong());

        private protected override void WriteValue(AvroEncoder encoder, ColumnVector source, int row) =>
            encoder.WriteLong(((FixedVector<long>)source).Values[row]);
    }

    private sealed class FloatColumn(DataType type, AvroSchema? schema) : AvroColumn(type, schema)
    {
        private protected override void ReadValue(ref AvroDecoder decoder, ColumnVector target) =>
            ((FixedVector<float>)target).Append(decoder.ReadFloat());

        private protected override void WriteValue(AvroEncoder encoder, ColumnVector source, int row) =>
            encoder.WriteFloat(((FixedVector<float>)source).Values[row]);
    }

    private sealed class DoubleColumn(DataType type, AvroSchema? schema) : AvroColumn(type, schema)
    {
        private protected override void ReadValue(ref AvroDecoder decoder, ColumnVector target) =>
            ((FixedVector<double>)target).Append(decoder.ReadDouble());

        private protected override void WriteValue(AvroEncoder encoder, ColumnVector source, int row) =>
            encoder.WriteDouble(((FixedVector<double>)source).Values[row]);
    }

    private sealed class BytesColumn(DataType type, AvroSchema? schema) : AvroColumn(type, schema)
    {
        private protected override void ReadValue(ref AvroDecoder decoder, ColumnVector target) =>
            ((BinaryVector)target).Append(decoder.ReadBytes());

        private protected override void WriteValue(AvroEncoder encoder, ColumnVector source, int row) =>
            encoder.WriteBytes(((BinaryVector)source)[row]);
    }

    /// <summary>Two's complement, big-endian, as few bytes as the value needs.</summary>
    private sealed class DecimalColumn(DataType type, AvroSchema? schema, AvroSchema? value) : AvroColumn(type, schema)
    {
        private readonly int _fixedBytes = (value as AvroFixed)?.SizeBytes ?? -1;

        private protected override void ReadValue(ref AvroDecoder decoder, ColumnVector target)
        {
            var bytes = _fixedBytes >= 0 ? decoder.ReadFixed(_fixedBytes) : decoder.ReadBytes();
            if (bytes.Length is 0 or > WideDecimalBytes)
            {
                CorruptDataException.Throw($"Avro: a {Type} of {bytes.Length} bytes; 1 to 16 are expected.", decoder.Position);
            }

            Int128 unscaled = (sbyte)bytes[0];
            foreach (var next in bytes[1..])
            {
                unscaled = (unscaled << 8) | next;
            }

            if (target is FixedVector<Int128> wide)
            {
                wide.Append(unscaled);
            }
            else if (unscaled == (long)unscaled)
            {
                ((FixedVector<long>)target).Append((long)unscaled);
            }
            else
            {
                CorruptDataException.Throw($"Avro: {unscaled} does not fit {Type}.", decoder.Position);
            }
        }

        private protected override void WriteValue(AvroEncoder encoder, ColumnVector source, int row)
        {
            var unscaled = source is FixedVector<Int128> wide ? wide.Values[row] : ((FixedVector<long>)source).Values[row];
            Span<byte> bytes = stackalloc byte[WideDecimalBytes];
            System.Buffers.Binary.BinaryPrimitives.WriteInt128BigEndian(bytes, unscaled);
            var start = 0;
            while (start < WideDecimalBytes - 1
                && bytes[start] == (unscaled < 0 ? 0xFF : 0)
                && (bytes[start] & 0x80) == (bytes[start + 1] & 0x80))
            {
                start++;
            }

            encoder.WriteBytes(bytes[start..]);
        }
    }

    /// <summary>The file says whether it counts milliseconds or microseconds; the vector's precision says what is wanted.</summary>
    private sealed class TimestampColumnMover(DataType type, AvroSchema? schema, AvroSchema? value) : AvroColumn(type, schema)
    {
        private readonly bool _fileMicros =
            value?.LogicalType?.EndsWith("micros", StringComparison.Ordinal) ?? ((TemporalType)type).Precision > 3;

        private readonly bool _vectorMicros = ((TemporalType)type).Precision is > 3 and <= 6;

        private protected override void ReadValue(ref AvroDecoder decoder, ColumnVector target)
        {
            var units = decoder.ReadLong();
            if (target is FixedVector<NanoTimestamp> nanos)
            {
                var micros = _fileMicros ? units : Scale(units, decoder.Position);
                var millis = FloorDivide(micros);
                nanos.Append(new NanoTimestamp(millis, (int)(micros - (millis * 1000)) * 1000));
                return;
            }

            ((FixedVector<long>)target).Append((_fileMicros, _vectorMicros) switch
            {
                (true, false) => FloorDivide(units),
                (false, true) => Scale(units, decoder.Position),
                _ => units,
            });
        }

        private protected override void WriteValue(AvroEncoder encoder, ColumnVector source, int row) =>
            encoder.WriteLong(((FixedVector<long>)source).Values[row]);

        private static long FloorDivide(long micros) => (micros / 1000) - (micros % 1000 < 0 ? 1 : 0);

        private static long Scale(long millis, int position)
        {
            if (millis is > long.MaxValue / 1000 or < long.MinValue / 1000)
            {
                CorruptDataException.Throw($"Avro: a timestamp of {millis} ms is outside every range.", position);
            }

            return millis * 1000;
        }
    }

    private sealed class ListColumn(ArrayType type, AvroSchema? schema, AvroSchema? items) : AvroColumn(type, schema)
    {
        private readonly AvroColumn _element = AvroColumn.Create(type.Element, items);

        private protected override void ReadValue(ref AvroDecoder decoder, ColumnVector target)
        {
            var list = (ListVector)target;
            for (var count = decoder.ReadBlockCount(); count > 0; count = decoder.ReadBlockCount())
            {
                for (var i = 0; i < count; i++)
                {
                    _element.Read(ref decoder, list.Elements);
                }
            }

            list.EndRow();
        }

        private protected override void WriteValue(AvroEncoder encoder, ColumnVector source, int row)
        {
            var list = (ListVector)source;
            var (start, end) = (list.Offsets[row], list.Offsets[row + 1]);
            if (end > start)
            {
                encoder.WriteLong(end - start);
                for (var i = start; i < end; i++)
                {
                    _element.Write(encoder, list.Elements, i);
                }
            }

            encoder.WriteLong(0);
        }
    }

    /// <summary>An Avro map: its keys are texts.</summary>
    private sealed class TextMapColumn(DataType type, AvroSchema? schema, AvroColumn value) : AvroColumn(type, schema)
    {
        private protected override void ReadValue(ref AvroDecoder decoder, ColumnVector target)
        {
            var map = (MapVector)target;
            for (var count = decoder.ReadBlockCount(); count > 0; count = decoder.ReadBlockCount())
            {
                for (var i = 0; i < count; i++)
                {
                    ((BinaryVector)map.Keys).Append(decoder.ReadBytes());
                    value.Read(ref decoder, map.MapValues);
                }
            }

            map.EndRow();
        }

        private protected override void WriteValue(AvroEncoder encoder, ColumnVector source, int row)
        {
            var map = (MapVector)source;
            var (start, end) = (map.Offsets[row], map.Offsets[row + 1]);
            if (end > start)
            {
                encoder.WriteLong(end - start);
                for (var i = start; i < end; i++)
                {
                    if (map.Keys.IsNull(i))
                    {
                        PaimonException.ThrowInvalid($"A key of a {Type} is NULL, which Avro cannot hold.");
                    }

                    encoder.WriteBytes(((BinaryVector)map.Keys)[i]);
                    value.Write(encoder, map.MapValues, i);
                }
            }

            encoder.WriteLong(0);
        }
    }

    /// <summary>An array of key and value records: maps whose keys are not texts.</summary>
    private sealed class PairMapColumn(DataType type, AvroSchema? schema, AvroColumn key, AvroColumn value)
        : AvroColumn(type, schema)
    {
        private protected override void ReadValue(ref AvroDecoder decoder, ColumnVector target)
        {
            var map = (MapVector)target;
            for (var count = decoder.ReadBlockCount(); count > 0; count = decoder.ReadBlockCount())
            {
                for (var i = 0; i < count; i++)
                {
                    key.Read(ref decoder, map.Keys);
                    value.Read(ref decoder, map.MapValues);
                }
            }

            map.EndRow();
        }

        private protected override void WriteValue(AvroEncoder encoder, ColumnVector source, int row)
        {
            var map = (MapVector)source;
            var (start, end) = (map.Offsets[row], map.Offsets[row + 1]);
            if (end > start)
            {
                encoder.WriteLong(end - start);
                for (var i = start; i < end; i++)
                {
                    key.Write(encoder, map.Keys, i);
                    value.Write(encoder, map.MapValues, i);
                }
            }

            encoder.WriteLong(0);
        }
    }

    /// <summary>A record inside a row; its fields are found by name, those that the file lacks are NULL.</summary>
    private sealed class RowColumn : AvroColumn
    {
        private readonly AvroRowMover _fields;

        public RowColumn(RowType type, AvroSchema? schema, AvroSchema? value)
            : base(type, schema) => _fields = new AvroRowMover(type, value?.AsRecord($"A value of {type}"));

        private protected override void ReadValue(ref AvroDecoder decoder, ColumnVector target)
        {
            var row = (StructVector)target;
            _fields.Read(ref decoder, row.Children);
            row.EndRow();
        }

        private protected override void WriteValue(AvroEncoder encoder, ColumnVector source, int row) =>
            _fields.Write(encoder, ((StructVector)source).Children, row);
    }

    private static long CheckRange(long value, long min, long max)
    {
        if (value < min || value > max)
        {
            CorruptDataException.Throw($"Avro: {value} is outside {min} to {max}.");
        }

        return value;
    }
}
