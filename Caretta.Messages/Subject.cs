namespace Caretta.Messages;

/// <summary>Whom a question to the directory is about: an address, or a pod by its uid.</summary>
public readonly record struct Subject
{
    private readonly Address _address;
    private readonly Guid _pod;

    private Subject(Address address, Guid pod) => (_address, _pod) = (address, pod);

    public bool IsPod => _pod != Guid.Empty;

    /// <summary>Of no meaning if <see cref="IsPod"/>.</summary>
    public Address Address => _address;

    /// <summary>Empty unless <see cref="IsPod"/>.</summary>
    public Guid Pod => _pod;

    public static Subject Of(Address address) => new(address, Guid.Empty);

    /// <param name="uid">Not empty.</param>
    public static Subject OfPod(Guid uid) => new(default, uid);

    public override string ToString() => IsPod ? $"pod {_pod}" : _address.ToString();
}
