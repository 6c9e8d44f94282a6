namespace PaimonSharp.Data.Predicates;

/// <summary>What a <see cref="LeafPredicate"/> asks of a column's value.</summary>
public enum PredicateOperator
{
    /// <summary>The value is the literal.</summary>
    Equal,

    /// <summary>The value is not the literal.</summary>
    NotEqual,

    /// <summary>The value is before the literal.</summary>
    LessThan,

    /// <summary>The value is before or equal to the literal.</summary>
    LessOrEqual,

    /// <summary>The value is after the literal.</summary>
    GreaterThan,

    /// <summary>The value is after or equal to the literal.</summary>
    GreaterOrEqual,

    /// <summary>The value is NULL.</summary>
    IsNull,

    /// <summary>The value is not NULL.</summary>
    IsNotNull,

    /// <summary>The value begins with the literal.</summary>
    StartsWith,

    /// <summary>The value does not begin with the literal.</summary>
    NotStartsWith,

    /// <summary>The value ends with the literal.</summary>
    EndsWith,

    /// <summary>The value does not end with the literal.</summary>
    NotEndsWith,

    /// <summary>The value contains the literal.</summary>
    Contains,

    /// <summary>The value does not contain the literal.</summary>
    NotContains,

    /// <summary>The value is one of the literals.</summary>
    In,

    /// <summary>The value is none of the literals.</summary>
    NotIn,

    /// <summary>The value is from the first literal to the second, both included.</summary>
    Between,

    /// <summary>The value is outside of the range from the first literal to the second.</summary>
    NotBetween,
}
