/** @jsxRuntime classic */
import * as React from 'react';

/** A column's name; a column of numbers is aligned to the right. */
export type Column = string | { readonly number: string };

/** What {@link DataTable} takes. */
export interface DataTableProps {
  /** Says what the rows are, for those who cannot see it. */
  label: string;
  caption?: React.ReactNode;
  columns: readonly Column[];
  children: React.ReactNode;
}

/** Rows under named columns, in a box of its own that can be scrolled by keyboard. */
export function DataTable({
  label,
  caption,
  columns,
  children,
}: DataTableProps): React.ReactElement {
  return (
    <div className="table" tabIndex={0} role="group" aria-label={label}>
      <table>
        {caption && <caption>{caption}</caption>}
        <thead>
          <tr>
            {columns.map((column) =>
              typeof column === 'string' ? (
                <th key={column} scope="col">
                  {column}
                </th>
              ) : (
                <th key={column.number} scope="col" className="number">
                  {column.number}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
