using System.Buffers;
using System.Text;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// Aggregator <c>listagg</c>: texts with a delimiter between them. NULL and empty texts change nothing. With <c>distinct</c> a
/// text is taken apart at the delimiters, and only what is not there yet is added.
/// </summary>
internal sealed class ListaggFold : ColumnFold
{
    private readonly byte[] _delimiter;
    private readonly byte[] _separator;
    private readonly bool _isDistinct;
    private readonly TokenSet _tokens = new();
    private ArrayBufferWriter<byte> _text = new();
    private ArrayBufferWriter<byte> _next = new();
    private int _single;
    private bool _isJoined;
    private bool _hasTokens;

    /// <summary>Makes the fold of a column.</summary>
    /// <param name="field">The column.</param>
    /// <param name="options">The table's options.</param>
    /// <exception cref="Data.Errors.PaimonException">Invalid: the column is not STRING.</exception>
    public ListaggFold(DataField field, TableOptions options)
    {
        if (field.Type is not LengthType { Root: TypeRoot.VarChar, Length: int.MaxValue })
        {
            throw AggregatorRegistry.TypeError("listagg", field, "STRING");
        }

        _delimiter = Encoding.UTF8.GetBytes(options.GetString($"fields.{field.Name}.list-agg-delimiter", ",")!);
        _separator = _delimiter.Length == 0 ? " "u8.ToArray() : _delimiter;
        _isDistinct = options.GetBoolean($"fields.{field.Name}.distinct", false);
    }

    /// <inheritdoc/>
    public override void Fold(in FoldInput input, FoldOutput output)
    {
        foreach (var group in input.Groups)
        {
            (_single, _isJoined) = (-1, false);
            var end = input.Plan.EndOf(group);
            for (var i = input.Plan.StartOf(group); i < end; i++)
            {
                Take(input, i);
            }

            if (_isJoined)
            {
                ((BinaryVector)output.Values).Append(_text.WrittenSpan);
                output.AppendComputed();
            }
            else if (_single >= 0)
            {
                output.AppendRow(input.Plan.Rows[_single]);
            }
            else
            {
                output.AppendNull();
            }
        }
    }

    private static ReadOnlySpan<byte> TextOf(in FoldInput input, int version)
    {
        var row = input.Plan.Rows[version];
        return ((BinaryVector)input.Sources[row.Source])[row.Row];
    }

    // While one version alone counts, the result is that version and nothing is copied.
    private void Take(in FoldInput input, int version)
    {
        var action = input.ActionOf(version);
        if (action == FoldAction.Reset)
        {
            (_single, _isJoined) = (-1, false);
        }

        if (action == FoldAction.Skip || input.IsNull(input.Plan.Rows[version]))
        {
            return;
        }

        var text = TextOf(input, version);
        if (!_isJoined)
        {
            if (_single < 0 || TextOf(input, _single).IsEmpty)
            {
                // Of two empty texts the newer one is kept as well as the older one: they are equal.
                _single = version;
                return;
            }

            if (text.IsEmpty)
            {
                return;
            }

            _text.ResetWrittenCount();
            _text.Write(TextOf(input, _single));
            (_isJoined, _hasTokens) = (true, false);
        }

        if (text.IsEmpty)
        {
            return;
        }

        if (action == FoldAction.AddOlder)
        {
            _next.ResetWrittenCount();
            _next.Write(text);
            (_text, _next, _hasTokens) = (_next, _text, false);
            Join(_next.WrittenSpan);
        }
        else
        {
            Join(text);
        }
    }

    private void Join(ReadOnlySpan<byte> text)
    {
        if (!_isDistinct)
        {
            _text.Write(_delimiter);
            _text.Write(text);
            return;
        }

        if (!_hasTokens)
        {
            _tokens.Clear();
            foreach (var token in new TokenEnumerator(_text.WrittenSpan, _separator))
            {
                _tokens.Add(_text.WrittenSpan, token.Start, token.Length);
            }
        }

        foreach (var token in new TokenEnumerator(text, _separator))
        {
            var bytes = text.Slice(token.Start, token.Length);
            if (token.Length > 0 && !_tokens.Contains(_text.WrittenSpan, bytes))
            {
                _text.Write(_delimiter);
                _text.Write(bytes);
                _tokens.Add(_text.WrittenSpan, _text.WrittenCount - token.Length, token.Length);
            }
        }

        // Only with a delimiter of one byte are the parts of the joined text surely those that were joined.
        _hasTokens = _delimiter.Length == 1;
    }
}
