using System.Text;
using PaimonSharp.Data.Casts;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Metadata;

/// <summary>What writers put into a column in place of NULL: a text, perhaps in single quotes, that is cast to the type.</summary>
internal static class DefaultValue
{
    /// <summary>Reads a default value.</summary>
    /// <param name="column">The column's name, for messages.</param>
    /// <param name="type">The column's type.</param>
    /// <param name="text">The value as the schema has it.</param>
    /// <returns>A vector of one row.</returns>
    /// <exception cref="PaimonException">Invalid: the text is no value of the type.</exception>
    public static ColumnVector Parse(string column, DataType type, string text)
    {
        var value = text.Length > 1 && text.StartsWith('\'') && text.EndsWith('\'') ? text[1..^1] : text;
        var source = new BinaryVector(DataTypes.String);
        source.Append(Encoding.UTF8.GetBytes(value));
        var target = ColumnVector.Create(type.Nullable());
        try
        {
            var cast = ColumnCast.Find(DataTypes.String, type)
                ?? throw new PaimonException(ErrorKind.Invalid, $"A column of {type} can have no default value.");
            cast.Append(source, target);
            return target;
        }
        catch (PaimonException e)
        {
            throw new PaimonException(e.Kind, $"The column '{column}' cannot have the default value {text}. {e.Message}", e);
        }
    }
}
