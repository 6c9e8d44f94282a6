using System.Globalization;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Tests.Histories;

/// <summary>A column of the model: what it is called and holds may change, what it is does not.</summary>
internal sealed record ModelColumn(int Id, string Name, DataType Type)
{
    /// <summary>The columns of a table's key or partition, which no change touches.</summary>
    public bool IsFixed { get; init; }

    /// <summary>A random value: as the writer takes it, and as it is read.</summary>
    public (object? Value, string Json) NewValue(Random random)
    {
        var number = random.Next(40) - 5;
        if (Type.IsNullable && random.Next(6) == 0)
        {
            return (null, "null");
        }

        return Type.Root switch
        {
            TypeRoot.Int => (number, Text(number)),
            TypeRoot.BigInt => ((long)number << 32, Text((long)number << 32)),
            TypeRoot.VarChar => ($"text {number}", $"\"text {number}\""),
            TypeRoot.Boolean => number < 0 ? (true, "true") : (false, "false"),
            TypeRoot.Decimal => ($"{number}.25", $"\"{number}.25\""),
            TypeRoot.Date => ($"2024-01-{10 + (Math.Abs(number) % 18)}", $"\"2024-01-{10 + (Math.Abs(number) % 18)}\""),
            _ => throw new InvalidOperationException($"{Type} is no type of the model."),
        };
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
