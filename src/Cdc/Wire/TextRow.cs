using System.Buffers.Text;
using System.Text;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire;

/// <summary>
/// The current row of a <see cref="MySqlResultReader"/>: every value is the server's text, a span over the packet, valid
/// until the next read.
/// </summary>
public readonly ref struct TextRow
{
    private readonly ReadOnlySpan<byte> _payload;
    private readonly ReadOnlySpan<FieldRange> _fields;

    internal TextRow(ReadOnlySpan<byte> payload, ReadOnlySpan<FieldRange> fields)
    {
        _payload = payload;
        _fields = fields;
    }

    /// <summary>The number of columns.</summary>
    public int ColumnCount => _fields.Length;

    /// <summary>The bytes of a value; empty for NULL, see <see cref="IsNull"/>.</summary>
    /// <param name="column">Column index, from 0.</param>
    public ReadOnlySpan<byte> this[int column]
    {
        get
        {
            var field = _fields[column];
            return field.Length < 0 ? default : _payload.Slice(field.Offset, field.Length);
        }
    }

    /// <summary>True when a value is NULL.</summary>
    /// <param name="column">Column index, from 0.</param>
    public bool IsNull(int column) => _fields[column].Length < 0;

    /// <summary>A value as text, null for NULL. Makes a string: for metadata, not for data rows.</summary>
    /// <param name="column">Column index, from 0.</param>
    public string? GetText(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(this[column]);

    /// <summary>A value as a whole number.</summary>
    /// <param name="column">Column index, from 0.</param>
    /// <exception cref="CorruptDataException">The value is NULL or no whole number of 64 bits.</exception>
    public long GetInt64(int column)
    {
        var text = this[column];
        if (!Utf8Parser.TryParse(text, out long value, out var used) || used != text.Length)
        {
            CorruptDataException.Throw($"Column {column} of a result row is NULL or no whole number of 64 bits");
        }

        return value;
    }

    /// <summary>Where a value lies in the packet; a negative length is NULL.</summary>
    /// <param name="Offset">First byte.</param>
    /// <param name="Length">Bytes, -1 for NULL.</param>
    internal readonly record struct FieldRange(int Offset, int Length);
}
