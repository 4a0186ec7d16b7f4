using Caretta.Messages.Wire;

namespace Caretta.Messages;

/// <summary>The value of the label <c>kind</c> of both programs' refusal counters; documented, so it does not follow a renamed member.</summary>
public static class RefusalLabel
{
    public static IEnumerable<string> All =>
        Enum.GetValues<RefusalKind>().Where(kind => kind != RefusalKind.RefusalUnspecified).Select(Of);

    public static string Of(RefusalKind kind) => kind switch
    {
        RefusalKind.RefusalNodeNameInUse => "node_name_in_use",
        RefusalKind.RefusalInvalid => "invalid",
        RefusalKind.RefusalUnauthenticated => "unauthenticated",
        RefusalKind.RefusalProveAgain => "prove_again",
        _ => "unavailable",
    };
}
