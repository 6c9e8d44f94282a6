namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>How a vector's values of a fixed width are stored, ordered and told apart. A struct, so that loops are compiled for each.</summary>
internal interface IFixedCodec<T>
{
    /// <summary>Bytes of a stored value.</summary>
    int Width { get; }

    /// <summary>False for a type whose order the format leaves undefined, and whose bounds are then not written.</summary>
    static virtual bool HasOrder => true;

    /// <summary>True for types that are stored as INT32 or INT64.</summary>
    static virtual bool IsInteger => false;

    /// <summary>The number that is stored, of types that are stored as INT32 or INT64.</summary>
    static virtual long ToInt64(T value) => 0;

    /// <summary>Paimon's order: NaN is the largest, -0.0 is less than 0.0.</summary>
    static abstract bool Less(T left, T right);

    /// <summary>True when both have the same bits.</summary>
    static abstract bool Same(T left, T right);

    static abstract ulong Bits(T value);

    /// <summary>True for a value that the format keeps out of bounds.</summary>
    static virtual bool IsNaN(T value) => false;

    /// <summary>The bound to write for a smallest value: -0.0 stands for both zeros.</summary>
    static virtual T AsMin(T value) => value;

    /// <summary>The bound to write for a largest value: 0.0 stands for both zeros.</summary>
    static virtual T AsMax(T value) => value;

    /// <summary>Stores values, <see cref="Width"/> bytes each.</summary>
    void Write(ReadOnlySpan<T> values, Span<byte> destination);
}
