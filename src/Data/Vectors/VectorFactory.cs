using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Vectors;

/// <summary>The one place that knows which vector a type uses; see <see cref="FixedVector{T}"/> for the table.</summary>
internal static class VectorFactory
{
    public static ColumnVector Create(DataType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type switch
        {
            ArrayType array => new ListVector(array),
            MapType map => new MapVector(map),
            MultisetType multiset => new MapVector(multiset),
            RowType row => new StructVector(row),
            DecimalType { IsCompact: true } => new FixedVector<long>(type),
            DecimalType => new FixedVector<Int128>(type),
            TemporalType { Root: TypeRoot.Time } => new FixedVector<int>(type),
            TemporalType { Precision: <= 6 } => new FixedVector<long>(type),
            TemporalType => new FixedVector<NanoTimestamp>(type),
            _ => CreateSimple(type),
        };
    }

    private static ColumnVector CreateSimple(DataType type) => type.Root switch
    {
        TypeRoot.Boolean => new BooleanVector(type),
        TypeRoot.TinyInt => new FixedVector<sbyte>(type),
        TypeRoot.SmallInt => new FixedVector<short>(type),
        TypeRoot.Int or TypeRoot.Date => new FixedVector<int>(type),
        TypeRoot.BigInt => new FixedVector<long>(type),
        TypeRoot.Float => new FixedVector<float>(type),
        TypeRoot.Double => new FixedVector<double>(type),
        TypeRoot.Char or TypeRoot.VarChar or TypeRoot.Binary or TypeRoot.VarBinary => new BinaryVector(type),
        _ => throw new PaimonException(ErrorKind.Unsupported, $"Columns of type {type} are not supported."),
    };
}
