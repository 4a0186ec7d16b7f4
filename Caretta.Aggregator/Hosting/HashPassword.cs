using Caretta.Aggregator.Security.Http;

namespace Caretta.Aggregator.Hosting;

/// <summary><c>hash-password NAME</c>: a line for <see cref="AggregatorOptions.HttpPasswordsFile"/>. A password among the arguments would be in everybody's process list.</summary>
internal static class HashPassword
{
    private const int Shortest = 8;

    public static int Run(IReadOnlyList<string> args, TextReader input, TextWriter output, TextWriter error)
    {
        if (args is not [{ Length: > 0 } name] || name.Contains(':', StringComparison.Ordinal) || name.StartsWith('#'))
        {
            error.WriteLine("Usage: caretta-aggregator hash-password NAME < file with the password. NAME holds no colon and does not begin with #.");
            return 1;
        }

        if (input.ReadLine() is not { Length: >= Shortest } password)
        {
            error.WriteLine($"The password is the first line of standard input and has at least {Shortest} characters.");
            return 1;
        }

        output.WriteLine($"{name}:{PasswordHash.Of(password)}");
        return 0;
    }
}
