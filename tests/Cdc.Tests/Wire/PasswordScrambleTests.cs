using PaimonSharp.Cdc.Wire;
using PaimonSharp.Cdc.Wire.Authentication;
using PaimonSharp.Cdc.Wire.Packets;
using PaimonSharp.Testing.Wire;

namespace PaimonSharp.Cdc.Tests.Wire;

/// <summary>Challenge responses against those that real clients sent and real servers accepted.</summary>
public sealed class PasswordScrambleTests
{
    [Theory]
    [InlineData("wire-mysql-9.7/auth-caching_sha2-full-rsa")]
    [InlineData("wire-mysql-9.7/auth-caching_sha2-fast")]
    public void Caching_sha2_answer_is_the_recorded_one(string recording)
    {
        var (greeting, password, answer) = Login(recording);

        Assert.Equal(answer, PasswordScramble.CachingSha2(password, greeting.Salt));
    }

    [Fact]
    public void Native_answer_is_the_recorded_one()
    {
        var (greeting, password, answer) = Login("wire-mariadb-11.8/auth-native");

        Assert.Equal(answer, PasswordScramble.Native(password, greeting.Salt));
    }

    [Fact]
    public void Empty_password_answers_with_nothing()
    {
        Assert.Empty(PasswordScramble.Native(Secret.Empty, new byte[20]));
        Assert.Empty(PasswordScramble.CachingSha2(Secret.Empty, new byte[20]));
    }

    private static (Greeting Greeting, Secret Password, byte[] Answer) Login(string name)
    {
        var recording = WireRecording.Load(name);
        var reader = new PayloadReader(recording.Packets[1].Payload);
        reader.ReadBytes(32);
        reader.ReadNulTerminated();
        return (
            Greeting.Read(recording.Packets[0].Payload),
            new Secret(recording.Meta.GetProperty("password").GetString()!),
            reader.ReadLengthEncodedBytes().ToArray());
    }
}
