using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace PaimonSharp.Data.Json;

/// <summary>
/// Writes JSON with the layout that Paimon's metadata files have: two spaces a level of objects, <c>"key" : value</c>, arrays
/// on one line with spaces inside their brackets (docs/format.md#json-documents). One thread at a time; the caller keeps names
/// and values in a valid order.
/// </summary>
/// <example>
/// <code>
/// {
///   "id" : 1,
///   "keys" : [ "a", "b" ],
///   "fields" : [ {
///     "id" : 0
///   } ],
///   "options" : { }
/// }
/// </code>
/// </example>
public sealed class PrettyJsonWriter
{
    private const int MaxDepth = 256;

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly bool[] _isArray = new bool[MaxDepth];
    private readonly bool[] _hasItems = new bool[MaxDepth];
    private int _depth;
    private int _objects;
    private bool _afterName;

    /// <summary>A copy of what has been written, UTF-8 without a byte order mark.</summary>
    public byte[] ToUtf8() => _output.WrittenSpan.ToArray();

    /// <summary>What has been written, as text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_output.WrittenSpan);

    /// <summary>Begins an object.</summary>
    public void StartObject() => Start(isArray: false);

    /// <summary>Ends the object begun last.</summary>
    public void EndObject() => End(isArray: false);

    /// <summary>Begins an array.</summary>
    public void StartArray() => Start(isArray: true);

    /// <summary>Ends the array begun last.</summary>
    public void EndArray() => End(isArray: true);

    /// <summary>Writes a member's name; its value follows.</summary>
    /// <param name="name">The name, escaped as needed.</param>
    public void Name(string name)
    {
        if (_depth == 0 || _isArray[_depth - 1] || _afterName)
        {
            throw new InvalidOperationException($"The name '{name}' does not stand inside an object.");
        }

        if (_hasItems[_depth - 1])
        {
            Raw(","u8);
        }

        _hasItems[_depth - 1] = true;
        NewLine();
        Quoted(name);
        Raw(" : "u8);
        _afterName = true;
    }

    /// <summary>Writes a text.</summary>
    /// <param name="value">The text, escaped as needed; null writes JSON's null.</param>
    public void Value(string? value)
    {
        if (value is null)
        {
            Null();
            return;
        }

        BeforeValue();
        Quoted(value);
    }

    /// <summary>Writes an integer.</summary>
    /// <param name="value">The integer.</param>
    public void Value(long value)
    {
        BeforeValue();
        var span = _output.GetSpan(20);
        Utf8Formatter.TryFormat(value, span, out var written);
        _output.Advance(written);
    }

    /// <summary>Writes a decimal number with all its digits, those that are zero at its end too.</summary>
    /// <param name="value">The number.</param>
    public void Value(decimal value)
    {
        BeforeValue();
        Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture), _output);
    }

    /// <summary>Writes true or false.</summary>
    /// <param name="value">The value.</param>
    public void Value(bool value)
    {
        BeforeValue();
        Raw(value ? "true"u8 : "false"u8);
    }

    /// <summary>Writes null.</summary>
    public void Null()
    {
        BeforeValue();
        Raw("null"u8);
    }

    /// <summary>Writes a member with a text value.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="value">The text; null writes JSON's null.</param>
    public void Member(string name, string? value)
    {
        Name(name);
        Value(value);
    }

    /// <summary>Writes a member with an integer value.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="value">The integer.</param>
    public void Member(string name, long value)
    {
        Name(name);
        Value(value);
    }

    /// <summary>Writes a member whose value is an array of texts.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="values">The texts.</param>
    public void Member(string name, IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Name(name);
        StartArray();
        foreach (var value in values)
        {
            Value(value);
        }

        EndArray();
    }

    /// <summary>Writes a member whose value is an object of texts.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="values">The object's members, in the order written.</param>
    public void Member(string name, IEnumerable<KeyValuePair<string, string>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Name(name);
        StartObject();
        foreach (var (key, value) in values)
        {
            Member(key, value);
        }

        EndObject();
    }

    private void Start(bool isArray)
    {
        BeforeValue();
        if (_depth == MaxDepth)
        {
            throw new InvalidOperationException($"JSON may nest {MaxDepth} levels deep.");
        }

        Raw(isArray ? "["u8 : "{"u8);
        _isArray[_depth] = isArray;
        _hasItems[_depth] = false;
        _depth++;
        _objects += isArray ? 0 : 1;
    }

    private void End(bool isArray)
    {
        if (_depth == 0 || _isArray[_depth - 1] != isArray || _afterName)
        {
            throw new InvalidOperationException(isArray ? "No array is open here." : "No object is open here.");
        }

        _depth--;
        _objects -= isArray ? 0 : 1;
        if (isArray || !_hasItems[_depth])
        {
            Raw(" "u8);
        }
        else
        {
            NewLine();
        }

        Raw(isArray ? "]"u8 : "}"u8);
    }

    private void BeforeValue()
    {
        if (_afterName)
        {
            _afterName = false;
            return;
        }

        if (_depth == 0)
        {
            return;
        }

        if (!_isArray[_depth - 1])
        {
            throw new InvalidOperationException("A value inside an object needs a name.");
        }

        Raw(_hasItems[_depth - 1] ? ", "u8 : " "u8);
        _hasItems[_depth - 1] = true;
    }

    private void NewLine()
    {
        Raw("\n"u8);
        var span = _output.GetSpan(_objects * 2)[..(_objects * 2)];
        span.Fill((byte)' ');
        _output.Advance(span.Length);
    }

    private void Quoted(string text)
    {
        Raw("\""u8);
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '"' or '\\' or < ' ')
            {
                Encoding.UTF8.GetBytes(text.AsSpan(start, i - start), _output);
                Encoding.UTF8.GetBytes(Escape(c), _output);
                start = i + 1;
            }
        }

        Encoding.UTF8.GetBytes(text.AsSpan(start), _output);
        Raw("\""u8);
    }

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => @"\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => $"\\u{(int)c:X4}",
    };

    private void Raw(ReadOnlySpan<byte> bytes) => _output.Write(bytes);
}
