using System.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Casts;

/// <summary>
/// Texts as arrays (<c>[1, 2]</c>, <c>ARRAY(1, 2)</c>), maps (<c>{a -> 1}</c>, <c>MAP(a, 1)</c>) and rows (<c>{1, a}</c>,
/// <c>STRUCT(1, a)</c>): how default values of nested columns are written. Not for hot paths.
/// </summary>
internal sealed class TextToNested : ColumnCast
{
    private readonly DataType _type;
    private readonly ColumnCast[] _parts;
    private readonly BinaryVector[] _texts;

    private TextToNested(DataType type, ColumnCast[] parts)
    {
        _type = type;
        _parts = parts;
        _texts = [.. parts.Select(_ => new BinaryVector(DataTypes.String))];
    }

    /// <summary>Null when a part cannot be read from a text.</summary>
    public static TextToNested? Find(DataType type, LocalZone zone)
    {
        var parts = NestedParts.TypesOf(type).Select(part => CastFactory.Find(DataTypes.String, part, zone)).ToArray();
        return parts.Contains(null) ? null : new TextToNested(type, parts!);
    }

    public override void Append(ColumnVector source, ColumnVector target)
    {
        foreach (var text in _texts)
        {
            text.Clear();
        }

        var texts = (BinaryVector)source;
        var lengths = new int[texts.Length];
        var validity = new byte[(texts.Length + 7) >> 3];
        for (var row = 0; row < texts.Length; row++)
        {
            if (!texts.IsNull(row) && TrySplit(texts[row], out lengths[row]))
            {
                validity[row >> 3] |= (byte)(1 << (row & 7));
            }
            else if (_type is RowType)
            {
                Array.ForEach(_texts, part => part.AppendNull());
            }
        }

        for (var i = 0; i < _parts.Length; i++)
        {
            _parts[i].Append(_texts[i], NestedParts.Of(target, i));
        }

        switch (target)
        {
            case ListVector list: list.EndRows(lengths, validity); break;
            case MapVector map: map.EndRows(lengths, validity); break;
            default: ((StructVector)target).EndRows(lengths.Length, validity); break;
        }
    }

    /// <summary>Appends the parts of one value; false where the text says NULL.</summary>
    private bool TrySplit(ReadOnlySpan<byte> utf8, out int length)
    {
        var text = Encoding.UTF8.GetString(utf8).Trim();
        length = 0;
        if (_type is MapType && text.Equals("NULL", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var name = _type switch { ArrayType => "ARRAY", MapType => "MAP", _ => "STRUCT" };
        var (open, close) = _type is ArrayType ? ('[', ']') : ('{', '}');
        string content;
        var isCall = false;
        if (text.Length >= 2 && text[0] == open && text[^1] == close)
        {
            content = text[1..^1];
        }
        else if (text.StartsWith(name, StringComparison.OrdinalIgnoreCase)
            && text[name.Length..].TrimStart() is ['(', .., ')'] call)
        {
            content = call[1..^1];
            isCall = true;
        }
        else
        {
            CastErrors.Refuse(utf8, _type);
            return false;
        }

        var parts = BracketText.Split(content.Trim(), keepQuotes: _type is not MapType);
        switch (_type)
        {
            case ArrayType:
                parts.ForEach(part => AppendPart(0, part));
                length = parts.Count;
                return true;
            case MapType:
                length = AppendEntries(parts, isCall, utf8);
                return true;
            default:
                AppendFields(parts, utf8);
                return true;
        }
    }

    private void AppendFields(List<string> parts, ReadOnlySpan<byte> utf8)
    {
        if (parts.Count == 0)
        {
            Array.ForEach(_texts, text => text.AppendNull());
            return;
        }

        if (parts.Count != _parts.Length)
        {
            CastErrors.Refuse(utf8, _type);
        }

        for (var i = 0; i < parts.Count; i++)
        {
            AppendPart(i, parts[i]);
        }
    }

    private int AppendEntries(List<string> parts, bool isCall, ReadOnlySpan<byte> utf8)
    {
        var entries = new List<KeyValuePair<string, string>>();
        for (var i = 0; i < parts.Count; i++)
        {
            var arrow = isCall ? -1 : parts[i].IndexOf("->", 1, StringComparison.Ordinal);
            if (isCall ? i + 1 == parts.Count : arrow < 0 || parts[i][(arrow + 2)..].Trim().Length == 0)
            {
                CastErrors.Refuse(utf8, _type);
            }

            entries.Add(isCall
                ? new(parts[i].Trim(), parts[++i].Trim())
                : new(parts[i][..arrow].Trim(), parts[i][(arrow + 2)..].Trim()));
        }

        // Of equal keys the last one counts.
        var last = entries.ToLookup(entry => entry.Key, StringComparer.Ordinal);
        foreach (var key in last)
        {
            AppendPart(0, key.Key);
            AppendPart(1, key.Last().Value);
        }

        return last.Count;
    }

    private void AppendPart(int part, string text)
    {
        var trimmed = text.Trim();
        if (trimmed == "null")
        {
            _texts[part].AppendNull();
        }
        else
        {
            _texts[part].Append(trimmed);
        }
    }
}
