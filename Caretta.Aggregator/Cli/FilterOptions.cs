using System.CommandLine;
using System.Globalization;
using Caretta.Aggregator.Map.Http;

namespace Caretta.Aggregator.Cli;

/// <summary>The API's filters as options; what they mean, and what is refused, the API says.</summary>
internal sealed class FilterOptions
{
    private static readonly (Parameter Parameter, string Option)[] Known =
    [
        (Parameters.Namespace, "--namespace"), (Parameters.Kind, "--kind"), (Parameters.Name, "--name"), (Parameters.Port, "--port"),
        (Parameters.External, "--external"), (Parameters.MinRate, "--min-rate"), (Parameters.Search, "--search"),
    ];

    private readonly IReadOnlyList<(Parameter Parameter, Option<string[]> Option)> _options =
        [.. Known.Select(known => (known.Parameter, Option(known.Parameter, known.Option)))];

    public void AddTo(Command command)
    {
        foreach (var (_, option) in _options)
        {
            command.Options.Add(option);
        }
    }

    /// <returns>For behind the question mark; every part ends with an ampersand.</returns>
    public string Question(ParseResult parsed) => string.Concat(
        from option in _options
        from value in parsed.GetValue(option.Option) ?? []
        select string.Create(CultureInfo.InvariantCulture, $"{option.Parameter.Name}={Uri.EscapeDataString(value)}&"));

    private static Option<string[]> Option(Parameter parameter, string name)
    {
        var option = new Option<string[]>(name) { Description = parameter.Description, HelpName = parameter.Kind.ToString().ToUpperInvariant() };
        if (parameter.Choices.Count > 0)
        {
            option.AcceptOnlyFromAmong([.. parameter.Choices]);
        }

        return option;
    }
}
