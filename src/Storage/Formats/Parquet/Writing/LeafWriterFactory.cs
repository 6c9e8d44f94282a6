using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Schema;

namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>Chooses the writer of a leaf's type.</summary>
internal static class LeafWriterFactory
{
    public static LeafWriter Create(SchemaNode node, DataType type, WriterSettings settings) => type switch
    {
        DecimalType { Precision: <= 9 } => new FixedLeafWriter<long, SmallDecimalCodec>(node, type, settings),
        DecimalType { IsCompact: true } => new FixedLeafWriter<long, LongCodec>(node, type, settings),
        DecimalType => new FixedLeafWriter<Int128, LargeDecimalCodec>(
            node, type, settings, new LargeDecimalCodec(node.Element.TypeLength)),
        TemporalType { Root: TypeRoot.Time } => new FixedLeafWriter<int, IntCodec>(node, type, settings),
        TemporalType { Precision: <= 6 } => new FixedLeafWriter<long, LongCodec>(node, type, settings),
        TemporalType => new FixedLeafWriter<NanoTimestamp, NanoTimestampCodec>(node, type, settings),
        _ => CreateSimple(node, type, settings),
    };

    private static LeafWriter CreateSimple(SchemaNode node, DataType type, WriterSettings settings) => type.Root switch
    {
        TypeRoot.Boolean => new BooleanLeafWriter(node, type, settings),
        TypeRoot.TinyInt => new FixedLeafWriter<sbyte, SByteCodec>(node, type, settings),
        TypeRoot.SmallInt => new FixedLeafWriter<short, ShortCodec>(node, type, settings),
        TypeRoot.Int or TypeRoot.Date => new FixedLeafWriter<int, IntCodec>(node, type, settings),
        TypeRoot.BigInt => new FixedLeafWriter<long, LongCodec>(node, type, settings),
        TypeRoot.Float => new FixedLeafWriter<float, FloatCodec>(node, type, settings),
        TypeRoot.Double => new FixedLeafWriter<double, DoubleCodec>(node, type, settings),
        TypeRoot.Char or TypeRoot.VarChar or TypeRoot.Binary or TypeRoot.VarBinary =>
            new BinaryLeafWriter(node, type, settings),
        _ => throw new PaimonException(ErrorKind.Unsupported, $"Columns of type {type} cannot be written to Parquet."),
    };
}
