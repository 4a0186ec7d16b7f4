using System.Net;
using System.Net.Sockets;

namespace Caretta.Node.Forward;

/// <summary>The addresses behind the endpoints, asked for anew at each connect: a headless service has one for each member.</summary>
internal static class MemberLookup
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <param name="resolve">Instead of the system's.</param>
    /// <exception cref="IOException">No name has an address; the message says what each said.</exception>
    public static async Task<IReadOnlyList<MemberAddress>> FindAsync(IReadOnlyList<Uri> endpoints, Func<string, Task<IPAddress[]>>? resolve = null)
    {
        var faults = new List<string>();
        var answers = await Task.WhenAll(endpoints.Select(endpoint => FindAsync(endpoint, resolve ?? Dns.GetHostAddressesAsync, faults)));
        var members = answers.SelectMany(answer => answer).ToList();
        return members.Count > 0 ? members : throw new IOException(string.Join("; ", faults));
    }

    /// <summary>A name without an answer does not hold up the others.</summary>
    private static async Task<IEnumerable<MemberAddress>> FindAsync(Uri endpoint, Func<string, Task<IPAddress[]>> resolve, List<string> faults)
    {
        var fault = "it has no address";
        try
        {
            var addresses = await resolve(endpoint.IdnHost).WaitAsync(AnswerWithin);
            if (addresses.Length > 0)
            {
                return addresses.Select(address => new MemberAddress(endpoint, address));
            }
        }
        catch (Exception failed) when (failed is SocketException or TimeoutException or ArgumentException)
        {
            fault = failed.Message;
        }

        lock (faults)
        {
            faults.Add($"{endpoint.Host}: {fault}");
        }

        return [];
    }
}
