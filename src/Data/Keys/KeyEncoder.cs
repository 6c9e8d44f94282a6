using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Keys;

/// <summary>
/// Turns key columns into bytes whose unsigned order is Paimon's order of the keys (docs/format.md#comparison-order): column by
/// column, NULL first, strings and binary by unsigned bytes, numbers and times by value, false before true. -0.0 equals 0.0,
/// as in Paimon; NaN is above infinity, where Paimon's comparison gives no order. Immutable; safe for several threads.
/// </summary>
/// <remarks>
/// <code>
/// key     = column*
/// column  = [0x00 NULL | 0x01]      only where the type is nullable; a NULL's value is zeros, a NULL string is absent
///           fixed width value       big endian, sign bit flipped
///         | bytes                   the last column: as they are
///         | bytes 0x00 0x00         other columns: a 0x00 inside is 0x00 0xFF
/// </code>
/// </remarks>
public sealed class KeyEncoder
{
    private readonly DataType[] _types;
    private readonly int[] _widths;
    private readonly int _fixedBytes;
    private readonly bool _isPrefixExact;

    /// <summary>Makes an encoder.</summary>
    /// <param name="keyType">The key's columns, in order; scalar types only.</param>
    /// <exception cref="PaimonException">Unsupported: a column has no order (ARRAY, MAP, MULTISET, ROW).</exception>
    public KeyEncoder(RowType keyType)
    {
        ArgumentNullException.ThrowIfNull(keyType);
        _types = [.. keyType.Fields.Select(field => field.Type)];
        _widths = [.. keyType.Fields.Select(WidthOf)];
        var hasVariable = false;
        for (var i = 0; i < _types.Length; i++)
        {
            hasVariable |= _widths[i] < 0;
            _fixedBytes += Math.Max(0, _widths[i]) + (_types[i].IsNullable ? 1 : 0);
        }

        _isPrefixExact = !hasVariable && _fixedBytes <= EncodedKeys.PrefixBytes;
    }

    /// <summary>True when every key fits in its prefix: see <see cref="EncodedKeys.IsPrefixExact"/>.</summary>
    public bool IsPrefixExact => _isPrefixExact;

    /// <summary>An empty set for keys of this encoder.</summary>
    public EncodedKeys CreateKeys() => new(_isPrefixExact);

    /// <summary>Appends the keys of a range of rows.</summary>
    /// <param name="columns">The key's columns, in order.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="keys">Where to, made by <see cref="CreateKeys"/> of an encoder of the same key type.</param>
    /// <exception cref="PaimonException">Invalid: a NOT NULL column holds NULL.</exception>
    public void Encode(ReadOnlySpan<ColumnVector> columns, int start, int count, EncodedKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Check(columns, start, count);
        if (_isPrefixExact)
        {
            EncodePrefixes(columns, start, count, keys);
        }
        else if (_types.Length == 1 && !_types[0].IsNullable && columns[0] is BinaryVector raw)
        {
            keys.AddRaw(raw.Offsets.Slice(start, count + 1), raw.Bytes);
        }
        else
        {
            EncodeBytes(columns, start, count, keys);
        }
    }

    private static int WidthOf(DataField field) => field.Type switch
    {
        DecimalType decimalType => decimalType.IsCompact ? 8 : 16,
        TemporalType { Root: TypeRoot.Time } => 4,
        TemporalType temporal => temporal.Precision <= 6 ? 8 : 12,
        _ => field.Type.Root switch
        {
            TypeRoot.Boolean or TypeRoot.TinyInt => 1,
            TypeRoot.SmallInt => 2,
            TypeRoot.Int or TypeRoot.Date or TypeRoot.Float => 4,
            TypeRoot.BigInt or TypeRoot.Double => 8,
            TypeRoot.Char or TypeRoot.VarChar or TypeRoot.Binary or TypeRoot.VarBinary => -1,
            _ => throw new PaimonException(
                ErrorKind.Unsupported, $"The column {field} cannot be part of a key: its type has no order."),
        },
    };

    private void Check(ReadOnlySpan<ColumnVector> columns, int start, int count)
    {
        if (columns.Length != _types.Length)
        {
            throw new ArgumentException($"{_types.Length} key columns are expected, {columns.Length} given.", nameof(columns));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        for (var i = 0; i < columns.Length; i++)
        {
            if (count > columns[i].Length - start)
            {
                throw new ArgumentException($"Key column {i} has {columns[i].Length} rows only.", nameof(count));
            }

            if (!_types[i].IsNullable && columns[i].NullCount > 0)
            {
                RefuseNull(columns[i], i, start, count);
            }
        }
    }

    private void RefuseNull(ColumnVector column, int index, int start, int count)
    {
        for (var row = start; row < start + count; row++)
        {
            if (column.IsNull(row))
            {
                PaimonException.ThrowInvalid($"Key column {index + 1} ({_types[index]}) is NULL in row {row}; it may not be.");
            }
        }
    }

    private void EncodePrefixes(ReadOnlySpan<ColumnVector> columns, int start, int count, EncodedKeys keys)
    {
        var prefixes = keys.AddPrefixes(count);
        var shift = 8 * EncodedKeys.PrefixBytes;
        for (var i = 0; i < columns.Length; i++)
        {
            shift -= 8 * (_widths[i] + (_types[i].IsNullable ? 1 : 0));
            KeyColumnWriter.AddToPrefixes(columns[i], _types[i].IsNullable, start, prefixes, shift);
        }
    }

    private void EncodeBytes(ReadOnlySpan<ColumnVector> columns, int start, int count, EncodedKeys keys)
    {
        var lengths = keys.BeginLengths(count, _fixedBytes);
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i] is BinaryVector binary)
            {
                KeyColumnWriter.AddLengths(binary, start, lengths, isLast: i == columns.Length - 1);
            }
        }

        var cursors = keys.BeginBytes(count, out var bytes);
        for (var i = 0; i < columns.Length; i++)
        {
            KeyColumnWriter.Write(columns[i], _types[i].IsNullable, start, cursors, bytes, isLast: i == columns.Length - 1);
        }

        keys.EndBytes(count);
    }
}
