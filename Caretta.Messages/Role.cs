namespace Caretta.Messages;

/// <summary>Which end of a connection the observing host holds. The numbers are the label values of the exported series.</summary>
public enum Role
{
    Client = 1,
    Server = 2,
}
