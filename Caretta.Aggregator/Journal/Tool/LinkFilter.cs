using System.IO.Enumeration;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>Which links to list: one end has the namespace, one end the name. <c>*</c> stands for any characters; null for anything.</summary>
internal sealed record LinkFilter(string? Namespace, string? Name, int? Port)
{
    public bool Takes(NetworkLink link) =>
        (Port is null || link.ServerPort == Port)
        && Takes(Namespace, link.Client.Namespace, link.Server.Namespace)
        && Takes(Name, link.Client.Name, link.Server.Name);

    private static bool Takes(string? pattern, string client, string server) =>
        pattern is null || FileSystemName.MatchesSimpleExpression(pattern, client, ignoreCase: false)
            || FileSystemName.MatchesSimpleExpression(pattern, server, ignoreCase: false);
}
