using System.Globalization;
using System.Text;
using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>The labels of a link's series, encoded once: they never change while the link is exported.</summary>
internal static class LinkLabels
{
    public static byte[] Encode(NetworkLink link)
    {
        var text = new StringBuilder(512).Append('{');
        Append(text, "client_id", Number(link.Client.Id));
        Append(text, "client_kind", link.Client.Kind);
        Append(text, "client_name", link.Client.Name);
        Append(text, "client_namespace", link.Client.Namespace);
        Append(text, "client_owner", link.Client.Owner);
        Append(text, "link_id", Number(link.Id));
        Append(text, "role", Number((ulong)link.Role));
        Append(text, "server_id", Number(link.Server.Id));
        Append(text, "server_kind", link.Server.Kind);
        Append(text, "server_name", link.Server.Name);
        Append(text, "server_namespace", link.Server.Namespace);
        Append(text, "server_owner", link.Server.Owner);
        Append(text, "server_port", Number(link.ServerPort));
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Append(StringBuilder text, string name, string value)
    {
        if (text.Length > 1)
        {
            text.Append(',');
        }

        text.Append(name).Append("=\"");
        foreach (var character in value)
        {
            _ = character switch
            {
                '\\' => text.Append(@"\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append("\\n"),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }
}
