namespace PaimonSharp.Cdc.Wire;

/// <summary>Something about a server or an account that keeps changes from being captured.</summary>
/// <param name="Subject">The variable, or the privilege.</param>
/// <param name="Value">What it is now.</param>
/// <param name="Expected">What it has to be.</param>
/// <param name="Remedy">The statement or option that mends it.</param>
public sealed record PreflightFinding(string Subject, string Value, string Expected, string Remedy)
{
    /// <summary>One line with all four.</summary>
    public override string ToString() => $"{Subject} is {(Value.Length == 0 ? "empty" : Value)}, expected {Expected}: {Remedy}";
}
