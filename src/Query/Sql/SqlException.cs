using PaimonSharp.Data.Errors;

namespace PaimonSharp.Query.Sql;

/// <summary>A SQL text cannot be read, or means nothing on the tables that it names.</summary>
public sealed class SqlException : PaimonException
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What was found and what was expected.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The column in the line, from 1.</param>
    public SqlException(string message, int line, int column)
        : base(ErrorKind.Invalid, $"line {line}, column {column}: {message}") => (Line, Column) = (line, column);

    /// <summary>The line, from 1.</summary>
    public int Line { get; }

    /// <summary>The column in the line, from 1.</summary>
    public int Column { get; }
}
