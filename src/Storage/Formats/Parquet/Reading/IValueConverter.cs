namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>Turns a stored value into the one that a vector holds. A struct, so that loops are compiled for each.</summary>
internal interface IValueConverter<TStored, TValue>
{
    /// <summary>True when both are the same bits.</summary>
    static abstract bool IsIdentity { get; }

    TValue Convert(TStored stored);
}
