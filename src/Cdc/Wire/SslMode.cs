namespace PaimonSharp.Cdc.Wire;

/// <summary>How much TLS a connection asks for; the names are those of the MySQL clients' <c>--ssl-mode</c>.</summary>
public enum SslMode
{
    /// <summary>Plain TCP. A password then travels only as a challenge response or RSA-encrypted.</summary>
    Disabled,

    /// <summary>TLS when the server offers it, plain TCP otherwise; the certificate is not checked unless an authority is given.</summary>
    Preferred,

    /// <summary>TLS or no connection; the certificate is not checked unless an authority is given.</summary>
    Required,

    /// <summary>TLS, and the certificate must lead to a trusted authority.</summary>
    VerifyCa,

    /// <summary>As <see cref="VerifyCa"/>, and the certificate must name the host.</summary>
    VerifyIdentity,
}
