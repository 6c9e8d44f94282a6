using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// The order of a key's versions by <c>sequence.field</c>: column by column, NULL oldest; with
/// <c>sequence.field.sort-order</c> descending the smallest value is the newest, NULL still the oldest
/// (docs/format.md#sequence-field). Immutable; safe for several threads.
/// </summary>
internal sealed class SequenceOrder
{
    private readonly bool[] _isNullable;
    private readonly KeyEncoder[] _encoders;

    /// <summary>Makes an order.</summary>
    /// <param name="fields">The sequence fields, in order.</param>
    /// <param name="options">The table's options.</param>
    /// <exception cref="PaimonException">Invalid: the sort order is none. Unsupported: a field's type has no order.</exception>
    public SequenceOrder(IReadOnlyList<DataField> fields, TableOptions options)
    {
        IsDescending = options.GetName("sequence.field.sort-order", "ascending") switch
        {
            "ascending" => false,
            "descending" => true,
            var text => throw TableOptions.Error("sequence.field.sort-order", text!, "ascending or descending"),
        };
        _isNullable = [.. fields.Select(field => field.Type.IsNullable)];

        // Where bytes are compared backwards, each column by itself: NULL must not turn with the values.
        _encoders = IsDescending
            ? [.. fields.Select(field => new KeyEncoder(new RowType([field])))]
            : [new KeyEncoder(new RowType([.. fields]))];
    }

    /// <summary>True when the smallest value is the newest.</summary>
    public bool IsDescending { get; }

    /// <summary>The encoders: one for all columns, or one for each.</summary>
    public ReadOnlySpan<KeyEncoder> Encoders => _encoders;

    /// <summary>True when a column may be NULL.</summary>
    public bool IsNullable(int column) => _isNullable[column];
}
