using System.CommandLine;

namespace Caretta.Aggregator.Cli;

/// <summary>Which aggregator to ask, and how to prove that one may.</summary>
internal sealed class ServerOptions
{
    private readonly Option<string> _url = new("--url")
    {
        Description = "Of any aggregator's HTTP port.",
        HelpName = "URL",
        DefaultValueFactory = _ => "http://localhost:7117",
    };

    private readonly Option<string?> _tokenFile = new("--token-file") { Description = "A bearer token; the first line counts.", HelpName = "FILE" };
    private readonly Option<string?> _user = new("--user") { Description = "With a password, instead of a token.", HelpName = "NAME" };
    private readonly Option<string?> _passwordFile = new("--password-file") { Description = "The user's password; the first line counts.", HelpName = "FILE" };
    private readonly Option<string?> _caFile = new("--ca-file") { Description = "PEM: the authorities the aggregator's certificate chains to; by default the system's.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_tokenFile);
        command.Options.Add(_user);
        command.Options.Add(_passwordFile);
        command.Options.Add(_caFile);
    }

    /// <exception cref="CommandFailedException">They do not go together, or a file cannot be read.</exception>
    public MapServer Open(ParseResult parsed) => MapServer.Open(
        parsed.GetValue(_url)!, parsed.GetValue(_tokenFile), parsed.GetValue(_user), parsed.GetValue(_passwordFile), parsed.GetValue(_caFile));
}
