using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using PaimonSharp.Cdc.Wire.Authentication;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire;

/// <summary>Turns a plain connection into a TLS one and checks the server's certificate as the mode says.</summary>
internal sealed class TlsUpgrade
{
    private readonly MySqlConnectionOptions _options;
    private readonly SslMode _mode;
    private string? _refusal;

    public TlsUpgrade(MySqlConnectionOptions options)
    {
        _options = options;
        _mode = options.EffectiveSslMode;
        IsVerifying = _mode >= SslMode.VerifyCa || options.SslCaFile is not null;
    }

    /// <summary>True when a certificate without a trusted authority ends the connection.</summary>
    public bool IsVerifying { get; }

    /// <summary>Runs the TLS handshake.</summary>
    /// <param name="plain">The connection, right after the request for TLS.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaimonException">Kind <see cref="ErrorKind.Refused"/>: certificate or protocol do not do.</exception>
    public async ValueTask<SslStream> RunAsync(Stream plain, CancellationToken cancellationToken)
    {
        var settings = new SslClientAuthenticationOptions
        {
            TargetHost = _options.Host,
            RemoteCertificateValidationCallback = (_, _, chain, errors) => IsAccepted(chain, errors),
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (_options.SslCaFile is { } file)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(PemFile.ReadCertificates(file, "ssl-ca"));
            settings.CertificateChainPolicy = policy;
        }

        var stream = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(settings, cancellationToken).ConfigureAwait(false);
            return stream;
        }
        catch (AuthenticationException e)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw new PaimonException(ErrorKind.Refused, Describe(e), e);
        }
        catch (IOException e)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw new PaimonException(
                ErrorKind.Unavailable, $"The TLS handshake with {_options.Endpoint} broke off: {e.Message}", e);
        }
    }

    private bool IsAccepted(X509Chain? chain, SslPolicyErrors errors)
    {
        if (!IsVerifying)
        {
            return true;
        }

        if (_mode != SslMode.VerifyIdentity)
        {
            errors &= ~SslPolicyErrors.RemoteCertificateNameMismatch;
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            _refusal = "the server sent no certificate.";
        }
        else if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            var why = chain is null ? "" : string.Join("; ", chain.ChainStatus.Select(s => s.StatusInformation.Trim()));
            _refusal = $"its certificate does not lead to a trusted authority ({why}). Name the authority with ssl-ca=FILE, or "
                + "give up the check with ssl-mode=required.";
        }
        else if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            _refusal = $"its certificate is trusted but not made for '{_options.Host}'. Connect by a name that the certificate "
                + "holds, or check only the authority with ssl-mode=verify-ca.";
        }

        return errors == SslPolicyErrors.None;
    }

    private string Describe(AuthenticationException e) => _refusal is { } why
        ? $"The TLS connection to {_options.Endpoint} is refused: {why}"
        : $"The TLS handshake with {_options.Endpoint} failed: {(e.InnerException ?? e).Message} A server that knows only TLS 1.0 "
            + "or 1.1 is too old for this machine's TLS: upgrade it, or use ssl-mode=disabled on a network that you trust.";
}
