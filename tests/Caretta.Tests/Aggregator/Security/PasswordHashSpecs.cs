using Caretta.Aggregator.Hosting;
using Caretta.Aggregator.Security.Http;
using Caretta.Messages.Tls;

namespace Caretta.Tests.Aggregator.Security;

public class PasswordHashSpecs
{
    /// <summary>Python's hashlib.pbkdf2_hmac("sha256", b"password", b"saltsaltsalt", 10000), in passlib's spelling.</summary>
    private const string FromPython = "$pbkdf2-sha256$10000$c2FsdHNhbHRzYWx0$Ywhqa9a6UzxJLtjYRT.Z1yOp.8LEJ8K4SHhDCPyIytM";

    [Fact]
    public void What_Python_made_is_understood()
    {
        Assert.True(PasswordHash.Parse(FromPython).IsOf("password"));
        Assert.False(PasswordHash.Parse(FromPython).IsOf("Password"));
        Assert.Equal(FromPython, PasswordHash.Parse(FromPython).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("correct horse")]
    [InlineData("$2y$10$abcdefghijklmnopqrstuv")]
    [InlineData("$pbkdf2-sha256$1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha256$99999999$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha256$10000$$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha256$10000$c2FsdHNhbHRzYWx0$AAAA")]
    [InlineData("$pbkdf2-sha256$10000$c2FsdHNhbHRzYWx0$!")]
    public void What_is_no_hash_is_refused_and_not_repeated(string text)
    {
        var refusal = Assert.Throws<FormatException>(() => PasswordHash.Parse(text)).Message;
        Assert.True(text.Length == 0 || !refusal.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_command_makes_a_line_that_lets_its_user_in()
    {
        using var output = new StringWriter();
        Assert.Equal(0, HashPassword.Run(["ann"], new StringReader("correct horse\n"), output, TextWriter.Null));
        var users = HttpPasswords.Parse(new FileText("users", output.ToString()));
        Assert.True(users.Contain("ann", "correct horse"));
        Assert.False(users.Contain("ann", "wrong horse"));
    }

    [Theory]
    [InlineData("correct horse")]
    [InlineData("correct horse", "a:b")]
    [InlineData("correct horse", "#a")]
    [InlineData("short", "ann")]
    [InlineData("", "ann")]
    public void The_command_refuses_what_would_make_no_such_line(string password, params string[] args)
    {
        using var output = new StringWriter();
        Assert.Equal(1, HashPassword.Run(args, new StringReader(password), output, TextWriter.Null));
        Assert.Empty(output.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nobody\n")]
    [InlineData("ann\n")]
    [InlineData(":$pbkdf2-sha256$10000$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void A_file_that_lets_nobody_in_is_refused(string content) =>
        Assert.Throws<UnusableFileException>(() => HttpPasswords.Parse(new FileText("users", content)));

    [Theory]
    [InlineData("")]
    [InlineData("guessable")]
    public void So_is_one_of_tokens_that_could_be_guessed(string content) =>
        Assert.Throws<UnusableFileException>(() => HttpTokens.Parse(new FileText("tokens", content)));
}
